//! Files that courses are made of, as small as they can be and as large as wanted.

fn boxed(name: &[u8; 4], payload: &[&[u8]]) -> Vec<u8> {
    let payload = payload.concat();
    [&(payload.len() as u32 + 8).to_be_bytes()[..], name, &payload].concat()
}

/// A film of so many milliseconds whose picture data are so many bytes that nothing compresses.
pub fn mp4(duration_ms: u32, bytes: usize) -> Vec<u8> {
    let mut mvhd = vec![0; 100];
    mvhd[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    mvhd[16..20].copy_from_slice(&duration_ms.to_be_bytes());
    let hdlr = boxed(b"hdlr", &[&[0; 8], b"vide", &[0; 12]]);
    let mdia =
        boxed(b"mdia", &[&boxed(b"mdhd", &[&[0; 24]]), &hdlr, &boxed(b"minf", &[&boxed(b"stbl", &[])])]);
    let trak = boxed(b"trak", &[&boxed(b"tkhd", &[&[0; 84]]), &mdia]);
    let place = boxed(b"udta", &[&boxed(b"\xa9xyz", &[b"\0\x11\x15\xc7+39.9042+116.4074/"]), &[0; 4]]);
    let moov = boxed(b"moov", &[&boxed(b"mvhd", &[&mvhd]), &trak, &place]);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(bytes)
    .collect();
    [boxed(b"ftyp", &[b"isom", &[0, 0, 2, 0], b"isommp41"]), boxed(b"mdat", &[&noise]), moov].concat()
}

/// Five frames of silence, and a tag that names somebody.
pub fn mp3() -> Vec<u8> {
    let frame = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
    [&b"ID3\x04\0\0\0\0\0\x14"[..], b"TPE1 recorded by amy", &frame.repeat(5)].concat()
}

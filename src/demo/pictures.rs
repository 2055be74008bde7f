//! Screenshots of a phone that nobody took: drawn, so that the demonstration has photos without a camera.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::dice::Dice;
use crate::kit::error::{Code, Error, Result};

const WIDTH: u32 = 270;
const HEIGHT: u32 = 480;
const PAPER: Rgb<u8> = Rgb([247, 248, 250]);
const CARD: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([206, 210, 218]);
const SHADE: Rgb<u8> = Rgb([120, 124, 132]);
const BARS: [Rgb<u8>; 4] = [Rgb([7, 193, 96]), Rgb([42, 105, 214]), Rgb([214, 118, 42]), Rgb([96, 76, 190])];

/// A list with a failure message over it; other numbers, other lists.
pub fn screenshot(number: u64) -> Result<Vec<u8>> {
    let mut dice = Dice::new(number);
    let mut picture = RgbImage::from_pixel(WIDTH, HEIGHT, PAPER);
    let bar = dice.pick(&BARS).copied().unwrap_or(SHADE);
    fill(&mut picture, (0, 0), (WIDTH, 52), bar);
    fill(&mut picture, (100, 28), (70, 10), CARD);
    for row in 0..6 {
        let top = 64 + row * 66;
        fill(&mut picture, (12, top), (WIDTH - 24, 56), CARD);
        fill(&mut picture, (24, top + 12), (36, 32), INK);
        fill(&mut picture, (72, top + 14), (length(&mut dice, 70, 150), 9), SHADE);
        fill(&mut picture, (72, top + 34), (length(&mut dice, 40, 120), 7), INK);
    }
    fill(&mut picture, (45, 180), (180, 110), Rgb([58, 60, 66]));
    fill(&mut picture, (119, 198), (32, 32), Rgb([224, 72, 72]));
    fill(&mut picture, (85, 246), (100, 9), CARD);
    fill(&mut picture, (100, 264), (70, 7), INK);
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|e| Error::new(Code::Internal).because(e))?;
    Ok(bytes.into_inner())
}

fn length(dice: &mut Dice, low: i64, high: i64) -> u32 {
    u32::try_from(dice.between(low, high)).unwrap_or(60)
}

fn fill(picture: &mut RgbImage, (left, top): (u32, u32), (width, height): (u32, u32), colour: Rgb<u8>) {
    for y in top..(top + height).min(HEIGHT) {
        for x in left..(left + width).min(WIDTH) {
            picture.put_pixel(x, y, colour);
        }
    }
}

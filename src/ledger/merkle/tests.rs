//! The tree against the roots of Certificate Transparency and against the definition, written naively.

use super::*;
use crate::ledger::hex;

/// Inputs and roots that implementations of RFC 6962 share.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

/// MTH of RFC 6962, 2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Frontier::default().root(),
        [one] => *one,
        many => {
            let mut k = 1;
            while k * 2 < many.len() {
                k *= 2;
            }
            node(&naive_root(&many[..k]), &naive_root(&many[k..]))
        }
    }
}

/// PATH of RFC 6962, 2.1.1.
fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return vec![];
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    if m < k {
        let mut path = naive_path(m, &leaves[..k]);
        path.push(naive_root(&leaves[k..]));
        path
    } else {
        let mut path = naive_path(m - k, &leaves[k..]);
        path.push(naive_root(&leaves[..k]));
        path
    }
}

/// SUBPROOF of RFC 6962, 2.1.2.
fn naive_subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { vec![] } else { vec![naive_root(leaves)] };
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    if m <= k {
        let mut path = naive_subproof(m, &leaves[..k], whole);
        path.push(naive_root(&leaves[k..]));
        path
    } else {
        let mut path = naive_subproof(m - k, &leaves[k..], false);
        path.push(naive_root(&leaves[..k]));
        path
    }
}

fn roots_of(ranges: Vec<Range<u64>>, leaves: &[Hash]) -> Vec<Hash> {
    let at = |n: u64| usize::try_from(n).unwrap();
    ranges.into_iter().map(|r| naive_root(&leaves[at(r.start)..at(r.end)])).collect()
}

#[test]
fn roots_of_the_shared_inputs() {
    let mut frontier = Frontier::default();
    assert_eq!(hex(&frontier.root()), ROOTS[0]);
    for (input, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        frontier.push(leaf(&bytes(input)));
        assert_eq!(hex(&frontier.root()), *root);
    }
}

#[test]
fn a_proof_of_the_shared_inputs() {
    let leaves: Vec<Hash> = LEAVES.iter().map(|l| leaf(&bytes(l))).collect();
    let proof: Vec<String> =
        roots_of(inclusion_ranges(0, 8).unwrap(), &leaves).iter().map(|h| hex(h)).collect();
    assert_eq!(
        proof,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
}

#[test]
fn frontier_and_proofs_agree_with_the_definition_for_every_size() {
    let all: Vec<Hash> = (0_u32..70).map(|i| leaf(&i.to_be_bytes())).collect();
    let mut frontier = Frontier::default();
    for size in 1..=all.len() {
        let leaves = &all[..size];
        frontier.push(all[size - 1]);
        let root = naive_root(leaves);
        assert_eq!(frontier.root(), root);
        let n = size as u64;
        assert_eq!(Frontier::from_bytes(n, &frontier.to_bytes()), Some(frontier.clone()));
        assert_eq!(Frontier::from_bytes(n + 1, &frontier.to_bytes()).map(|f| f.root() == root), {
            ((n + 1).count_ones() == n.count_ones()).then_some(true)
        });
        for index in 0..size {
            let proof = roots_of(inclusion_ranges(index as u64, n).unwrap(), leaves);
            assert_eq!(proof, naive_path(index, leaves));
            assert!(verify_inclusion(index as u64, n, &leaves[index], &proof, &root));
            assert!(!verify_inclusion(index as u64, n, &leaf(b"other"), &proof, &root));
            assert!(!verify_inclusion(n, n, &leaves[index], &proof, &root));
            for i in 0..proof.len() {
                let mut bent = proof.clone();
                bent[i][31] ^= 1;
                assert!(!verify_inclusion(index as u64, n, &leaves[index], &bent, &root));
                bent.remove(i);
                assert!(!verify_inclusion(index as u64, n, &leaves[index], &bent, &root));
            }
            let mut longer = proof.clone();
            longer.push(root);
            assert!(!verify_inclusion(index as u64, n, &leaves[index], &longer, &root));
        }
        for old in 1..=size {
            let old_root = naive_root(&all[..old]);
            let proof = roots_of(consistency_ranges(old as u64, n).unwrap(), leaves);
            assert_eq!(proof, naive_subproof(old, leaves, true), "{old} in {size}");
            assert!(verify_consistency(old as u64, n, &proof, &old_root, &root));
            for i in 0..proof.len() {
                let mut bent = proof.clone();
                bent[i][0] ^= 1;
                assert!(!verify_consistency(old as u64, n, &bent, &old_root, &root));
                bent.remove(i);
                assert!(!verify_consistency(old as u64, n, &bent, &old_root, &root));
            }
            if old != size {
                assert!(!verify_consistency(old as u64, n, &proof, &root, &root));
            }
        }
        assert_eq!(inclusion_ranges(n, n), None);
        assert_eq!(consistency_ranges(n + 1, n), None);
        assert_eq!(consistency_ranges(0, n), None);
    }
}

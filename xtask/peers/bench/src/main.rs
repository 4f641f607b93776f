//! Compares signers: each signs one Storage Gateway request, given as headers and body, at the current time, and adds
//! `x-amz-date` and `authorization`.
//!
//! - `bench-sign`: medians of interleaved rounds, a line of JSON for every contender and size
//! - `bench-sign --check`: only that every signature is the reference's
//! - `bench-sign --list`: the names
//! - `bench-sign --only NAME --size 200 --times N`: N signatures and nothing else, to count instructions
//!
//! `bare-*` are the hashes of a signature and nothing else: no signer goes below.

mod bare;
mod contenders;
mod reference;

use std::{error::Error, time::Instant};

use harness::alloc;

use self::contenders::{Contender, contenders};

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

const SIZES: [usize; 2] = [200, 65536];
const ROUNDS: usize = 31;
/// How long a contender has a turn.
const TURN_NS: f64 = 4e6;
const COUNTED: u32 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            SIZES.into_iter().for_each(check);
            SIZES.into_iter().for_each(measure);
        }
        ["--check"] => SIZES.into_iter().for_each(check),
        ["--list"] => contenders(200).iter().for_each(|contender| println!("{}", contender.name)),
        ["--only", name, "--size", size, "--times", times] => {
            let all = contenders(size.parse()?).into_iter();
            let mut one = all.filter(|contender| contender.name == name);
            let mut contender = one.next().ok_or_else(|| format!("no contender {name}; see --list"))?;
            (0..times.parse()?).for_each(|_: u32| (contender.sign)());
        }
        _ => return Err("usage: bench-sign [--check | --list | --only NAME --size BYTES --times N]".into()),
    }
    Ok(())
}

fn check(size: usize) {
    for contender in &mut contenders(size) {
        if let Some(sample) = &mut contender.sample {
            reference::check(contender.name, &sample(), &contenders::body(size));
        }
    }
    eprintln!("{size} bytes: every signer agrees with the reference");
}

fn measure(size: usize) {
    let mut contenders = contenders(size);
    let turns: Vec<_> = contenders.iter_mut().map(turn).collect();
    let mut ns = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for _ in 0..ROUNDS {
        for ((contender, times), ns) in contenders.iter_mut().zip(&turns).zip(&mut ns) {
            ns.push(time(contender, *times));
        }
    }
    for (contender, mut ns) in contenders.iter_mut().zip(ns) {
        ns.sort_by(f64::total_cmp);
        alloc::start();
        (0..COUNTED).for_each(|_| (contender.sign)());
        let (count, bytes) = alloc::stop();
        println!(
            "{{\"name\":\"{}\",\"body\":{size},\"ns\":{:.0},\"min\":{:.0},\"max\":{:.0},\"allocs\":{:.1},\
             \"alloc_bytes\":{:.0}}}",
            contender.name,
            ns[ROUNDS / 2],
            ns[0],
            ns[ROUNDS - 1],
            count as f64 / f64::from(COUNTED),
            bytes as f64 / f64::from(COUNTED),
        );
    }
}

/// Number of signatures of a contender per turn.
fn turn(contender: &mut Contender) -> u32 {
    time(contender, 50); // caches warm
    (TURN_NS / time(contender, 50)).max(10.0) as u32
}

/// Nanoseconds per signature.
fn time(contender: &mut Contender, times: u32) -> f64 {
    let start = Instant::now();
    (0..times).for_each(|_| (contender.sign)());
    start.elapsed().as_nanos() as f64 / f64::from(times)
}

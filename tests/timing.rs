//! Whether one thing takes longer than another, told in spite of a machine that does other things, too: those only add, and seldom to
//! the quickest.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const DRAWS: usize = 2_000;
/// What is left out at each end of the draws: the rest is where the difference lies with 99 %.
const LEFT_OUT: usize = DRAWS / 200;

/// Of fewer rounds nothing is said: drawing from a few shows how they differ, and not how others would.
const FEWEST: usize = 100;

/// A difference in microseconds, and between which values it lies with 99 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// What was measured.
    pub measured: f64,
    /// At least.
    pub least: f64,
    /// At most.
    pub most: f64,
}

/// What a comparison has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They take the same time, give or take the tolerance.
    Pass,
    /// They do not.
    Leak,
    /// More rounds would tell.
    Unclear,
}

/// Two things, beside each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    rounds: usize,
    /// Of the means of their quickest quarters.
    pub quickest: Difference,
    /// Of their medians.
    pub medians: Difference,
}

impl Comparison {
    /// Compares how long two things took in the same rounds, in microseconds, by drawing rounds again and again.
    #[must_use]
    pub fn of(one: &[f64], other: &[f64]) -> Self {
        let rounds = one.len().min(other.len());
        let measured = [quickest, median].map(|of| of(&mut one.to_vec()) - of(&mut other.to_vec()));
        let (mut random, mut drawn) = (StdRng::seed_from_u64(1), [Vec::new(), Vec::new()]);
        for _ in 0..DRAWS {
            let (mut ones, mut others) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
            for _ in 0..rounds {
                let round = random.random_range(0..rounds);
                ones.push(one[round]);
                others.push(other[round]);
            }
            for (drawn, of) in drawn.iter_mut().zip([quickest, median]) {
                drawn.push(of(&mut ones) - of(&mut others));
            }
        }
        let [quickest, medians] = drawn.map(|mut drawn| {
            drawn.sort_unstable_by(f64::total_cmp);
            (drawn[LEFT_OUT], drawn[DRAWS - 1 - LEFT_OUT])
        });
        let difference = |measured, (least, most)| Difference { measured, least, most };
        Self { rounds, quickest: difference(measured[0], quickest), medians: difference(measured[1], medians) }
    }

    /// What it shows, where this many microseconds are nothing that anybody could make use of.
    #[must_use]
    pub fn verdict(&self, tolerance: f64) -> Verdict {
        let beyond = |of: &Difference| of.least > tolerance || of.most < -tolerance;
        let Difference { least, most, .. } = self.quickest;
        match least >= -tolerance && most <= tolerance {
            _ if self.rounds < FEWEST => Verdict::Unclear,
            _ if beyond(&self.quickest) || beyond(&self.medians) => Verdict::Leak,
            true => Verdict::Pass,
            false => Verdict::Unclear,
        }
    }
}

fn quickest(times: &mut [f64]) -> f64 {
    let quarter = (times.len() / 4).max(1);
    times.select_nth_unstable_by(quarter - 1, f64::total_cmp);
    times[..quarter].iter().sum::<f64>() / f64::from(u32::try_from(quarter).unwrap_or(u32::MAX))
}

fn median(times: &mut [f64]) -> f64 {
    let middle = times.len() / 2;
    *times.select_nth_unstable_by(middle, f64::total_cmp).1
}

//! Comparisons of how long things take: they find a leak, and none where there is none.

use alliance_tests::timing::{Comparison, Verdict};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ROUNDS: usize = 400;

/// Times of a machine that does other things, too: often a little more, and now and then a lot.
fn times(seed: u64, least: f64) -> Vec<f64> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut time = || {
        let seldom = if random.random_range(0..10) == 0 { 20_000.0 } else { 1_000.0 };
        least - random.random_range(1e-9..1.0_f64).ln() * seldom
    };
    (0..ROUNDS).map(|_| time()).collect()
}

#[test]
fn a_millisecond_is_a_leak_and_noise_is_none() {
    for seed in 0..20 {
        let known = times(seed, 30_000.0);
        let same = Comparison::of(&times(seed + 100, 30_000.0), &known);
        assert_eq!(same.verdict(500.0), Verdict::Pass, "{seed}: {same:?}");
        for leak in [31_000.0, 29_000.0] {
            let other = Comparison::of(&times(seed + 100, leak), &known);
            assert_eq!(other.verdict(500.0), Verdict::Leak, "{seed}: {other:?}");
            assert!(
                other.quickest.least <= other.quickest.measured && other.quickest.measured <= other.quickest.most,
                "{other:?}"
            );
        }
    }
}

#[test]
fn what_takes_longer_half_of_the_time_is_a_leak_though_the_quickest_are_as_quick() {
    let mut random = StdRng::seed_from_u64(7);
    let known = times(1, 30_000.0);
    let mut some = || if random.random_range(0..2) == 0 { 0.0 } else { 40_000.0 };
    let slow: Vec<f64> = times(2, 30_000.0).iter().map(|time| time + some() + some()).collect();
    assert_eq!(Comparison::of(&slow, &known).verdict(500.0), Verdict::Leak);
}

#[test]
fn of_a_few_rounds_or_a_small_tolerance_nothing_is_said() {
    let [known, other] = [1, 2].map(|seed| times(seed, 30_000.0));
    let few = Comparison::of(&known[..99], &times(3, 40_000.0)[..99]);
    assert_eq!(few.verdict(500.0), Verdict::Unclear, "{few:?}");
    let same = Comparison::of(&known, &other);
    assert_eq!(same.verdict(1.0), Verdict::Unclear, "{same:?}");
}

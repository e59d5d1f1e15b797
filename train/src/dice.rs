//! Numbers that are the same every time.

/// A generator of pseudo-random numbers (splitmix64; Steele, Lea and Flood 2014).
pub struct Dice(u64);

impl Dice {
    /// A generator that begins with a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A fraction, 0 to 1.
    pub fn fraction(&mut self) -> f64 {
        self.next() as f64 / u64::MAX as f64
    }
}

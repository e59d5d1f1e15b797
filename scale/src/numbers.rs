//! The same numbers for the same seed, on every machine.

/// Splitmix64.
#[derive(Clone)]
pub struct Numbers(u64);

impl Numbers {
    /// The numbers of one thing of many.
    pub fn of(seed: u64, thing: u64) -> Numbers {
        let mut numbers = Numbers(seed ^ thing.wrapping_mul(0xd134_2543_de82_ef95));
        numbers.next();
        numbers
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `limit`, exclusive.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A number from 0 to 1, exclusive.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something happens that happens in this share of cases.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of several things, each as likely as its weight.
    pub fn pick<T: Copy>(&mut self, things: &[(T, u32)]) -> T {
        let mut left = self.below(things.iter().map(|(_, weight)| u64::from(*weight)).sum());
        for (thing, weight) in things {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return *thing,
            }
        }
        things[0].0
    }
}

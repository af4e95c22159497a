//! Measuring in turns, so that whatever else the machine does meets both sides alike.

/// What one turn came to.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Operations done.
    pub done: f64,
    /// Processor time of the process measured, in seconds.
    pub cpu: f64,
    /// Time on the wall, in seconds.
    pub wall: f64,
}

impl Turn {
    /// Operations per second of processor time.
    pub fn rate(&self) -> f64 {
        self.done / self.cpu
    }
}

/// Ours, the limit, ours, the limit: `turns` of each, after one of each that does not count.
pub fn alternate(
    turns: usize,
    mut ours: impl FnMut() -> anyhow::Result<Turn>,
    mut limit: impl FnMut() -> anyhow::Result<Turn>,
) -> anyhow::Result<(Vec<Turn>, Vec<Turn>)> {
    ours()?;
    limit()?;
    let mut measured = (Vec::new(), Vec::new());
    for _ in 0..turns {
        measured.0.push(ours()?);
        measured.1.push(limit()?);
    }
    Ok(measured)
}

/// The middle value; of an even number of values the upper of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median of the turns' times on the wall, as operations a second: for a line that explains.
pub fn per_wall_second(turns: &[Turn]) -> f64 {
    median(turns.iter().map(|turn| turn.done / turn.wall))
}

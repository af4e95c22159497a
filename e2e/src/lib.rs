//! Foreign eyes: what Sigill makes and shows, judged by programs that are not ours. Everything is in `tests`; no crate of ours is
//! named here, only the built program is driven.

//! Tests of the guides, as they are there.

mod a_gateway_that_is_gone;
mod a_wrong_clock_is_corrected;
mod explains_a_refusal;

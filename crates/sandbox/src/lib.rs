//! A simulation of the clouds.

//! The targets, a file for each.

pub mod aliyun;
pub mod curl;
pub mod go;
pub mod hcloud;
pub mod java;
pub mod python;
pub mod terraform;
pub mod typescript;

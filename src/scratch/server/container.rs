//! A PostgreSQL in a container, by whatever engine DOCKER_HOST or the default socket reaches. Without an engine it fails
//! at once, so that the next way can be tried.

use super::error::ScratchError;
use crate::pg::connect::Session;

/// A running container; it is removed when dropped.
#[cfg(feature = "container")]
#[derive(Debug)]
pub(super) struct Container {
    _inner: testcontainers::ContainerAsync<testcontainers::GenericImage>,
}

/// A running container; it is removed when dropped.
#[cfg(not(feature = "container"))]
#[derive(Debug)]
pub(super) struct Container {}

/// Starts `image` (`name[:tag]`) and waits for its first answer over TCP; the image's own first start listens on a
/// socket only, so an answer means that it is done.
#[cfg(feature = "container")]
pub(super) async fn start(image: &str) -> Result<(Container, Session), ScratchError> {
    use std::time::Instant;

    use testcontainers::core::IntoContainerPort;
    use testcontainers::runners::AsyncRunner;
    use testcontainers::{GenericImage, ImageExt};

    use super::account::random_hex;
    use super::postmaster::{PAUSE, PORT, START, THROWAWAY, is_starting};
    use crate::pg::connect::{ConnectError, Target};

    let failed = |reason: String| ScratchError::Container {
        image: image.to_owned(),
        reason,
    };
    // A colon before a slash is a registry's port.
    let (name, tag) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    };
    let password = random_hex(16)?;
    let mut arguments = vec!["postgres".to_owned()];
    for (name, value) in THROWAWAY {
        arguments.extend(["-c".to_owned(), format!("{name}={value}")]);
    }
    arguments.extend(["-c".to_owned(), "max_locks_per_transaction=6144".to_owned()]);
    let inner = GenericImage::new(name, tag)
        .with_exposed_port(PORT.tcp())
        .with_env_var("POSTGRES_PASSWORD", &password)
        .with_env_var(
            "POSTGRES_INITDB_ARGS",
            "--no-sync --encoding=UTF8 --locale=C.UTF-8",
        )
        .with_label("schemactl", "scratch")
        .with_cmd(arguments)
        .start()
        .await
        .map_err(|error| failed(crate::pg::error::chain(&error)))?;
    let host = inner
        .get_host()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let port = inner
        .get_host_port_ipv4(PORT.tcp())
        .await
        .map_err(|error| failed(error.to_string()))?;
    let target = Target::parse(&format!(
        "postgres://postgres:{password}@{host}:{port}/postgres?sslmode=disable"
    ))?;
    let begin = Instant::now();
    loop {
        match Session::connect(&target, "schemactl").await {
            Ok(session) => return Ok((Container { _inner: inner }, session)),
            // The port is published before anybody listens behind it: then the connection ends without a word.
            Err(error)
                if (is_starting(&error) || matches!(error, ConnectError::Failed { .. }))
                    && begin.elapsed() < START
                    && inner.is_running().await.unwrap_or(false) =>
            {
                tokio::time::sleep(PAUSE * 10).await;
            }
            Err(error) => return Err(failed(error.to_string())),
        }
    }
}

/// Says that containers are left out of this build.
#[cfg(not(feature = "container"))]
pub(super) async fn start(_image: &str) -> Result<(Container, Session), ScratchError> {
    Err(ScratchError::WithoutContainers)
}

//! TLS with rustls and ring: the chain and the name are checked as sslmode says, and SCRAM is bound to the channel by
//! `tls-server-end-point` (RFC 5929). A mode that verifies never falls back to one that does not.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};

use super::connect::ConnectError;

/// The words of sslmode. `allow` is read as `prefer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TlsMode {
    /// Never TLS.
    Disable,
    /// TLS where the server offers it, unverified.
    #[default]
    Prefer,
    /// TLS, unverified.
    Require,
    /// TLS, the certificate's chain ends at a trusted root.
    VerifyCa,
    /// As `verify-ca`, and the certificate is for the host's name.
    VerifyFull,
}

impl TlsMode {
    /// Reads libpq's word.
    pub fn parse(word: &str) -> Option<TlsMode> {
        Some(match word {
            "disable" => TlsMode::Disable,
            "allow" | "prefer" => TlsMode::Prefer,
            "require" => TlsMode::Require,
            "verify-ca" => TlsMode::VerifyCa,
            "verify-full" => TlsMode::VerifyFull,
            _ => return None,
        })
    }

    /// Libpq's word.
    pub fn word(self) -> &'static str {
        match self {
            TlsMode::Disable => "disable",
            TlsMode::Prefer => "prefer",
            TlsMode::Require => "require",
            TlsMode::VerifyCa => "verify-ca",
            TlsMode::VerifyFull => "verify-full",
        }
    }
}

/// Where the roots of trust come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Roots {
    /// The operating system's.
    #[default]
    System,
    /// A PEM file.
    File(PathBuf),
}

/// How a connection uses TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsChoice {
    /// sslmode.
    pub mode: TlsMode,
    /// sslrootcert.
    pub roots: Roots,
    /// sslcert and sslkey: PEM files of the client's certificate and its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// sslnegotiation=direct (17 and later).
    pub direct: bool,
}

/// Makes the TLS side of connections; cheap to clone.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ClientConfig>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Reads the files that `choice` names.
    ///
    /// # Errors
    /// [`ConnectError::TlsFile`] with the file and the reason.
    pub fn new(choice: &TlsChoice) -> Result<Tls, ConnectError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier::new(choice, provider.clone())?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| file_error(Path::new("TLS"), error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &choice.client {
            None => builder.with_no_client_auth(),
            Some((cert, key)) => {
                let chain = certificates(cert)?;
                let secret = PrivateKeyDer::from_pem_file(key)
                    .map_err(|error| file_error(key, in_words(&error)))?;
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(|error| file_error(cert, error.to_string()))?
            }
        };
        if choice.direct {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Tls {
            config: Arc::new(config),
        })
    }
}

fn file_error(file: &Path, reason: String) -> ConnectError {
    ConnectError::TlsFile {
        file: file.display().to_string(),
        reason,
    }
}

/// Why a PEM file can't be read.
fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => "nothing of the kind is in it".to_owned(),
        pem::Error::MissingSectionEnd { .. } | pem::Error::IllegalSectionStart { .. } => {
            "it is no PEM file, or was cut off".to_owned()
        }
        pem::Error::Base64Decode(_) => "its contents are no base64".to_owned(),
        error => error.to_string(),
    }
}

/// Why a certificate is refused.
pub(super) fn refused(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "no authority that is trusted here signed it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::BadSignature => "its signature is wrong".to_owned(),
        CertificateError::BadEncoding => "it can't be read".to_owned(),
        CertificateError::NotValidForName => "it is for another host name".to_owned(),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<String> = presented.iter().map(|name| own_name(name)).collect();
            let whose = match names.is_empty() {
                true => "another host name".to_owned(),
                false => names.join(", "),
            };
            format!("it is for {whose}, not for {}", expected.to_str())
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it may not be used for servers".to_owned()
        }
        error => error.to_string(),
    }
}

/// Why a handshake failed for another reason.
pub(super) fn failed(error: &rustls::Error) -> String {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::AlertReceived(Alert::CertificateRequired | Alert::NoCertificate) => {
            "the server wants a client's certificate".to_owned()
        }
        rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnknownCA
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::UnsupportedCertificate,
        ) => "the server does not take the client's certificate".to_owned(),
        rustls::Error::AlertReceived(Alert::ProtocolVersion) => {
            "the server speaks no version of TLS that is safe".to_owned()
        }
        rustls::Error::AlertReceived(Alert::HandshakeFailure) => {
            "the server found nothing that both sides speak".to_owned()
        }
        error => error.to_string(),
    }
}

/// `DnsName("db")` is the checker's own spelling of a name.
fn own_name(name: &str) -> String {
    let inner = name.split_once('"').map(|(_, rest)| rest);
    let inner = inner.and_then(|rest| rest.split_once('"'));
    inner.map_or(name, |(name, _)| name).to_owned()
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let found = CertificateDer::pem_file_iter(file)
        .and_then(|all| all.collect::<Result<Vec<_>, _>>())
        .map_err(|error| file_error(file, in_words(&error)))?;
    if found.is_empty() {
        return Err(file_error(file, "no certificate in it".into()));
    }
    Ok(found)
}

/// Checks the server's certificate as far as the mode asks for.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    mode: TlsMode,
    roots: Vec<CertificateDer<'static>>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl Verifier {
    fn new(choice: &TlsChoice, provider: Arc<CryptoProvider>) -> Result<Verifier, ConnectError> {
        let mut verifier = Verifier {
            provider,
            mode: choice.mode,
            roots: Vec::new(),
            chain: None,
        };
        if choice.mode < TlsMode::VerifyCa {
            return Ok(verifier);
        }
        let place = match &choice.roots {
            Roots::System => PathBuf::from("the system's certificates"),
            Roots::File(file) => file.clone(),
        };
        verifier.roots = match &choice.roots {
            Roots::System => rustls_native_certs::load_native_certs().certs,
            Roots::File(file) => certificates(file)?,
        };
        let mut store = RootCertStore::empty();
        let (added, _) = store.add_parsable_certificates(verifier.roots.iter().cloned());
        if added == 0 {
            return Err(file_error(
                &place,
                "no root certificate in it can be used".into(),
            ));
        }
        let chain =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), verifier.provider.clone())
                .build()
                .map_err(|error| file_error(&place, error.to_string()))?;
        verifier.chain = Some(chain);
        Ok(verifier)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        let full = self.mode == TlsMode::VerifyFull;
        // A self-signed server certificate that is itself the root file: OpenSSL trusts it, webpki wants an authority.
        if self
            .roots
            .iter()
            .any(|root| root.as_ref() == end_entity.as_ref())
        {
            if full {
                rustls::client::verify_server_name(
                    &ParsedCertificate::try_from(end_entity)?,
                    server_name,
                )?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is looked at last, when the chain is already proven.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !full => Ok(ServerCertVerified::assertion()),
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signature, algorithms)
            .or_else(|e| self.tolerate(cert, e))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signature, algorithms)
            .or_else(|e| self.tolerate(cert, e))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl Verifier {
    /// Modes that verify nothing accept certificates that webpki cannot read (X.509 version 1, as `openssl x509 -req`
    /// makes them); a signature that can be checked and is wrong is refused in every mode.
    fn tolerate(
        &self,
        cert: &CertificateDer<'_>,
        error: rustls::Error,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        if self.chain.is_none() && ParsedCertificate::try_from(cert).is_err() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        Err(error)
    }
}

/// The TLS side of one connection.
pub struct Connector {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type TlsConnect = Connector;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Connector, io::Error> {
        // Unix sockets have no name and never get to the handshake.
        let domain = if domain.is_empty() {
            "localhost"
        } else {
            domain
        };
        let name = ServerName::try_from(domain.to_owned())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        Ok(Connector {
            config: self.config.clone(),
            name,
        })
    }
}

impl<S> TlsConnect<S> for Connector
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let connector = tokio_rustls::TlsConnector::from(self.config);
            connector
                .connect(self.name, stream)
                .await
                .map(|s| Stream(Box::new(s)))
        })
    }
}

/// A TLS stream that knows its channel binding.
pub struct Stream<S>(Box<tokio_rustls::client::TlsStream<S>>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.get_ref();
        session
            .peer_certificates()
            .and_then(|chain| chain.first())
            // Only where the handshake proved possession of the key.
            .filter(|cert| ParsedCertificate::try_from(*cert).is_ok())
            .and_then(|cert| end_point(cert))
            .map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(cx)
    }
}

/// The certificate's hash for `tls-server-end-point`: by the hash of its signature algorithm, SHA-256 in place of MD5
/// and SHA-1; `None` where that is undefined (Ed25519, RSA-PSS with its parameters apart).
fn end_point(cert: &[u8]) -> Option<Vec<u8>> {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
    match signature_algorithm(cert)? {
        // md5WithRSA, sha1WithRSA, sha256WithRSA; ecdsa-with-SHA1, ecdsa-with-SHA256
        [head @ .., 4 | 5 | 11] if head == RSA => Some(Sha256::digest(cert).to_vec()),
        [head @ .., 12] if head == RSA => Some(Sha384::digest(cert).to_vec()),
        [head @ .., 13] if head == RSA => Some(Sha512::digest(cert).to_vec()),
        [head @ .., 1] | [head @ .., 3, 2] if head == ECDSA => Some(Sha256::digest(cert).to_vec()),
        [head @ .., 3, 3] if head == ECDSA => Some(Sha384::digest(cert).to_vec()),
        [head @ .., 3, 4] if head == ECDSA => Some(Sha512::digest(cert).to_vec()),
        _ => None,
    }
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, ... }, ... }`.
fn signature_algorithm(cert: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = element(cert, 0x30)?;
    let (_, rest) = element(certificate, 0x30)?;
    let (algorithm, _) = element(rest, 0x30)?;
    element(algorithm, 0x06).map(|(oid, _)| oid)
}

/// The content of the DER element with `tag` at the start, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    if first != tag {
        return None;
    }
    let (length, rest) = match length {
        short @ 0..=0x7f => (usize::from(short), rest),
        long => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            if bytes.len() > 4 {
                return None;
            }
            (
                bytes
                    .iter()
                    .fold(0, |sum, byte| (sum << 8) | usize::from(*byte)),
                rest,
            )
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_algorithm_is_found() {
        let rsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
        let mut cert = vec![0x30, 0x81, 15, 0x30, 0x00, 0x30, 0x0b, 0x06, 0x09];
        cert.extend(rsa);
        assert_eq!(signature_algorithm(&cert), Some(&rsa[..]));
        assert_eq!(signature_algorithm(&cert[..cert.len() - 1]), None);
        assert_eq!(end_point(&cert).map(|hash| hash.len()), Some(48));
    }

    #[test]
    fn modes_are_ordered_by_strength() {
        assert!(TlsMode::parse("verify-full") > TlsMode::parse("verify-ca"));
        assert!(TlsMode::parse("verify-ca") > TlsMode::parse("require"));
        assert_eq!(TlsMode::parse("strict"), None);
    }
}

# schemactl beside a PostgreSQL, of which scratch databases are made.
#
#   docker build --tag schemactl .
#   docker build --tag schemactl:15 --build-arg BASE=postgres:15-bookworm .
#   docker run --rm --volume "$PWD:/project" schemactl verify
#
# BASE is any image with the binaries of the target's major version and its extensions, of Debian 12 or newer.
# schemactl runs as the user of the image, root: the files that it writes belong to who started the container only under
# rootless engines; else say `--user "$(id -u):$(id -g)"` and, for scratch databases, `--scratch URL`.
ARG BASE=postgres:17-bookworm

FROM rust:1-bookworm AS build
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY src src
RUN cargo build --locked --release --bin schemactl

FROM ${BASE}
COPY --from=build /source/target/release/schemactl /usr/local/bin/schemactl
WORKDIR /project
# The base image's entry point would start a server.
ENTRYPOINT ["schemactl"]
CMD ["--help"]

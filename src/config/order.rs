//! The order of environments that `after` asks for: each names another one, and none waits for itself.

use super::environment::{Environment, Policies};
use crate::kdl::{Diagnostic, Diagnostics};

/// Reports every `after` that leads nowhere or in a circle.
pub(super) fn check(defaults: &Policies, environments: &[Environment], diagnostics: &Diagnostics) {
    if let Some(after) = &defaults.after {
        diagnostics.push(
            Diagnostic::error(
                "config::after",
                "`after` in `defaults` would make the environment that it names wait for itself",
            )
            .at(after.span, "holds for every environment")
            .help("write it into the environments that come later"),
        );
    }
    let names: Vec<&str> = environments.iter().map(|it| it.name.as_str()).collect();
    let find = |name: &str| environments.iter().find(|it| it.name.value == name);
    for environment in environments {
        let Some(after) = &environment.policies.after else {
            continue;
        };
        if after.value == environment.name.value {
            diagnostics.push(
                Diagnostic::error(
                    "config::after",
                    format!("`{}` would wait for itself", after.value),
                )
                .at(after.span, "itself")
                .help("name the environment that goes first, or take `after` out"),
            );
            continue;
        }
        if !names.contains(&after.as_str()) {
            diagnostics.push(
                Diagnostic::error(
                    "config::unknown-environment",
                    format!("`after` names no other environment: `{}`", after.value),
                )
                .at(after.span, "unknown")
                .help(crate::kdl::suggestion(after, &names, "")),
            );
            continue;
        }
        let mut way = vec![environment.name.as_str()];
        let mut at = Some(after);
        while let Some(name) = at {
            way.push(name.as_str());
            if name.value == environment.name.value {
                break;
            }
            // A circle further on is told where it stands.
            if way.len() > environments.len() + 1 {
                break;
            }
            at = find(name).and_then(|it| it.policies.after.as_ref());
        }
        if way.len() > 1 && way.last() == way.first() {
            diagnostics.push(
                Diagnostic::error(
                    "config::after",
                    format!(
                        "no environment of these can be the first: {}",
                        way.join(" after ")
                    ),
                )
                .at(after.span, "waits for itself")
                .help("take one `after` out"),
            );
        }
    }
}

//! What would run, for whoever looks at it before it does: on the terminal, as Markdown for a pull request, as SQL, as JSON.

use std::collections::BTreeMap;

use super::answer::{At, PendingFile, PlanAnswer};
use super::apply::Planned;
use super::arguments::Format;
use super::context::Context;
use super::facts;
use super::failure::Failure;
use super::found;
use super::live::{DONE, Live, at, spaced};
use super::markdown::{block, cell};
use super::report::escaped;
use super::screen::Paint;
use crate::migrate::{Folder, State};
use crate::model::Exit;

/// How many hazards of one code a file tells by themselves.
const ALIKE: usize = 6;

/// The plan on the terminal.
pub(super) fn show(context: &Context, live: &Live, state: &State, plan: &Planned) {
    let screen = &context.screen;
    let environment = live.environment.as_deref().unwrap_or("database");
    screen.say_parts(
        &[
            format!(
                "{}  {}",
                screen.paint(Paint::Strong, &escaped(environment)),
                live.label()
            ),
            format!("at {}, {} pending", at(state), plan.files.len()),
            format!("plan {}", plan.hash(live.environment.as_deref())),
        ],
        "   ",
    );
    for file in &plan.files {
        let label = &file.label;
        screen.say(format!(
            "    {}{}",
            escaped(&spaced(label)),
            if file.alone { "   no transaction" } else { "" }
        ));
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for hazard in &file.hazards {
            let count = told.entry(&hazard.code).or_default();
            *count += 1;
            // What is lost is told one by one.
            let shows = hazard.loses_data() || screen.verbose() > 0 || *count <= ALIKE;
            if !shows {
                continue;
            }
            let paint = if hazard.loses_data() {
                Paint::Bad
            } else {
                Paint::Careful
            };
            let text = escaped(&hazard.text);
            screen.say_laid("      ", &text, 8, Some(paint));
        }
        for (code, count) in told {
            let is_lost = file
                .hazards
                .iter()
                .any(|it| it.code == code && it.loses_data());
            if count > ALIKE && !is_lost && screen.verbose() == 0 {
                let more = format!("{code}: {} more (-v tells them all)", count - ALIKE);
                screen.say(format!("      {}", screen.paint(Paint::Careful, &more)));
            }
        }
        for finding in plan.errors_of(file) {
            screen.say_laid("      ", &found::line(finding), 8, Some(Paint::Bad));
        }
        if let Some(walked) = plan.facts_of(label) {
            if walked.statements.is_empty() {
                screen.say("           nothing to do here; its way back has statements");
            }
            for line in facts::lines(walked, screen.width().saturating_sub(6)) {
                screen.say(format!("      {line}"));
            }
        }
    }
    if let Some(counts) = plan.counts.filter(|_| !plan.files.is_empty()) {
        screen.say(format!("    {}", counts.words()));
    }
    if let Some(sum) = found::sum(&plan.found) {
        screen.say(format!("    {sum}: `schemactl lint` tells them"));
    }
    for label in &plan.unproven {
        screen.say(format!(
            "    {} {} is not proven",
            screen.paint(Paint::Careful, "note"),
            escaped(label)
        ));
    }
    for label in &plan.out_of_order {
        screen.say(format!(
            "    {} {} runs out of its order, and was not proven so",
            screen.paint(Paint::Careful, "note"),
            escaped(label)
        ));
    }
}

/// The plan in the form that was asked for.
pub(super) fn show_plan(
    context: &Context,
    live: &Live,
    folder: &Folder,
    state: &State,
    plan: &Planned,
) -> Result<Exit, Failure> {
    if context.screen.is_json() {
        let pending = plan.files.iter().map(|file| PendingFile {
            migration: file.label.clone(),
            sha256: file.sha.clone(),
            transaction: !file.alone,
            hazards: file.hazards.iter().map(|it| it.text.clone()).collect(),
            findings: plan.found_in(&file.label).map(found::told),
            statements: plan
                .facts_of(&file.label)
                .map(|walked| walked.statements.iter().map(facts::told).collect()),
        });
        context.screen.print_json(&PlanAnswer {
            ok: true,
            database: live.label(),
            environment: live.environment.clone(),
            at: At::of(folder, &state.point()),
            plan: plan.hash(live.environment.as_deref()),
            counts: plan.counts,
            pending: pending.collect(),
            out_of_order: plan.out_of_order.clone(),
        });
    } else if context.global.format == Some(Format::Markdown) {
        context.screen.print(plan_markdown(live, plan));
    } else if context.global.format == Some(Format::Sql) {
        for file in &plan.files {
            context
                .screen
                .print(format!("-- {}\n{}", escaped(&file.label), file.sql));
        }
    } else {
        show(context, live, state, plan);
    }
    DONE
}

/// How much of a statement stands in a table of Markdown.
const MARKDOWN: usize = 100;

/// What would run, for a pull request.
fn plan_markdown(live: &Live, plan: &Planned) -> String {
    let mut text = format!(
        "### {} pending in {}, plan `{}`\n",
        plan.files.len(),
        cell(&live.label()),
        plan.hash(live.environment.as_deref())
    );
    if let Some(counts) = plan.counts.filter(|_| !plan.files.is_empty()) {
        text.push_str(&format!("\n{}.\n", counts.words()));
    }
    if let Some(sum) = found::sum(&plan.found) {
        text.push_str(&format!("\n{sum}: `schemactl lint` tells them.\n"));
    }
    for file in &plan.files {
        let transaction = if file.alone {
            "no transaction"
        } else {
            "one transaction"
        };
        text.push_str(&format!(
            "\n#### {}\n\n{transaction}\n\n",
            cell(&file.label)
        ));
        for hazard in &file.hazards {
            text.push_str(&format!("- **{}**\n", cell(&hazard.text)));
        }
        for finding in plan.errors_of(file) {
            text.push_str(&format!("- **{}**\n", cell(&found::line(finding))));
        }
        if let Some(walked) = plan.facts_of(&file.label) {
            text.push_str("\n| line | statement | for others |\n| --- | --- | --- |\n");
            for judged in &walked.statements {
                text.push_str(&format!(
                    "| {} | {} | {} |\n",
                    judged.line,
                    cell(&facts::head(judged, MARKDOWN)),
                    cell(&facts::words(judged))
                ));
            }
        }
        text.push_str(&format!(
            "\n<details><summary>SQL</summary>\n\n{}\n</details>\n",
            block("sql", &file.sql)
        ));
    }
    text
}

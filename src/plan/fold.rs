//! Folding, after the sort: parts move into the CREATE of what they belong to, drops that another drop implies are left
//! out, and neighbours with the same head become one statement.

use std::collections::BTreeMap;

use petgraph::stable_graph::NodeIndex;

use super::fate::is_part;
use super::graph::Graph;
use super::stages::Share;
use super::{Parts, Step, Verb};
use crate::kind::{Context, Element, Form, Hazard};
use crate::model::{Kind, ObjectId};

pub(super) fn fold(
    context: &Context<'_>,
    graph: &Graph,
    order: &[NodeIndex],
    parts: Option<&Parts>,
) -> Vec<Step> {
    let place: BTreeMap<NodeIndex, usize> = order
        .iter()
        .enumerate()
        .map(|(place, node)| (*node, place))
        .collect();
    let implied = implied_drops(context, graph, order, &place);
    let folded = folded_creates(context, graph, order, &place, &implied);
    let mut shares = Vec::new();
    for node in order {
        let action = graph.action(*node);
        if let Some(&at) = implied.get(node) {
            shares.push(Share {
                node: *node,
                steps: Vec::new(),
                done_by: order.get(at).copied().filter(|by| by != node),
                within: None,
            });
            continue;
        }
        let mut steps = Vec::new();
        let mut statements = action.statements.clone();
        let mut objects = vec![(action.verb, action.id.clone())];
        if folded.into.contains_key(node) {
            // Its first statement became a part of another one.
            if !statements.is_empty() {
                statements.remove(0);
            }
        } else if action.verb == Verb::Create
            && let Some(first) = statements.first_mut()
        {
            absorb(
                context,
                graph,
                &folded,
                *node,
                &mut first.form,
                &mut objects,
            );
        }
        for (index, statement) in statements.into_iter().enumerate() {
            let objects = if index == 0 {
                objects.clone()
            } else {
                vec![(action.verb, action.id.clone())]
            };
            // A value that was added is used by others only when that is committed.
            let commit_after = action.verb == Verb::Alter
                && action.id.kind == Kind::Enum
                && statement.text().contains(" ADD VALUE ")
                && order[place[node] + 1..].iter().any(|later| {
                    let later = &graph.action(*later).id;
                    later.root() != action.id.root()
                });
            steps.push(Step {
                statement,
                objects,
                commit_after,
            });
        }
        shares.push(Share {
            node: *node,
            steps,
            done_by: None,
            within: folded.statement_of(graph, *node),
        });
    }
    let steps = blocks(graph, shares, parts)
        .into_iter()
        .flat_map(|block| super::stages::arrange(graph, block))
        .collect();
    let steps = super::beside_rows::put(context, graph, merge(steps));
    super::search_path::set(context, steps, parts)
}

/// The shares of each service that stand together: each has rounds of its own.
fn blocks(graph: &Graph, shares: Vec<Share>, parts: Option<&Parts>) -> Vec<Vec<Share>> {
    let Some(parts) = parts else {
        return vec![shares];
    };
    let mut blocks: Vec<Vec<Share>> = Vec::new();
    let mut last = None;
    for share in shares {
        let part = parts.of(&graph.action(share.node).id);
        match blocks.last_mut() {
            Some(block) if last == Some(part) => block.push(share),
            _ => blocks.push(vec![share]),
        }
        last = Some(part);
    }
    blocks
}

/// The drops that happen by themselves when what the object belongs to is dropped, and the place where they happen. A
/// drop that something else waits for stays.
fn implied_drops(
    context: &Context<'_>,
    graph: &Graph,
    order: &[NodeIndex],
    place: &BTreeMap<NodeIndex, usize>,
) -> BTreeMap<NodeIndex, usize> {
    let mut implied = BTreeMap::new();
    let mut effective: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for node in order.iter().rev() {
        let action = graph.action(*node);
        let own = place[node];
        effective.insert(*node, own);
        // A user mapping holds its server: PostgreSQL does not drop it along.
        if action.verb != Verb::Drop || action.swap || action.id.kind == Kind::UserMapping {
            continue;
        }
        // Rows of a partition move before it goes.
        if action.id.kind == Kind::Partition && action.statements.len() > 1 {
            continue;
        }
        let container = if is_part(&action.id) {
            action.id.parents().find_map(|parent| graph.dropped(parent))
        } else {
            None
        };
        let owner = context
            .before
            .owned
            .get(&action.id)
            .and_then(|owner| graph.dropped(owner));
        let Some(holder) = container.or(owner) else {
            continue;
        };
        let Some(&at) = effective.get(&holder) else {
            continue;
        };
        if at < own {
            continue;
        }
        if graph
            .after(*node)
            .all(|later| later == holder || effective.get(&later).is_some_and(|place| *place >= at))
        {
            implied.insert(*node, at);
            effective.insert(*node, at);
        }
    }
    owned_drops(context, graph, order, &mut implied, &mut effective);
    implied
}

/// A sequence that a column owns goes with the column, though what uses it, the column's default, goes first: then it need
/// not be freed before and dropped after, where nothing else in the plan waits for it.
fn owned_drops(
    context: &Context<'_>,
    graph: &Graph,
    order: &[NodeIndex],
    implied: &mut BTreeMap<NodeIndex, usize>,
    effective: &mut BTreeMap<NodeIndex, usize>,
) {
    let mut wholes: BTreeMap<&ObjectId, Vec<NodeIndex>> = BTreeMap::new();
    for node in order {
        let action = graph.action(*node);
        let sequence = action.id.ancestors().find(|id| id.kind == Kind::Sequence);
        if let (Verb::Drop, Some(sequence)) = (action.verb, sequence) {
            wholes.entry(sequence).or_default().push(*node);
        }
    }
    for node in order {
        let action = graph.action(*node);
        let owner = context.before.owned.get(&action.id);
        let Some(&at) = owner
            .and_then(|owner| graph.dropped(owner))
            .and_then(|holder| effective.get(&holder))
        else {
            continue;
        };
        let goes_for_good = action.verb == Verb::Drop
            && action.id.kind == Kind::Sequence
            && !implied.contains_key(node)
            && !context.after.contains(&action.id);
        if !goes_for_good {
            continue;
        }
        let whole = wholes.remove(&action.id).unwrap_or_default();
        let place = |node: &NodeIndex| effective.get(node).copied();
        let is_free = whole.iter().all(|part| {
            let mut earlier = graph.before(*part).filter(|other| !whole.contains(other));
            let mut later = graph.after(*part).filter(|other| !whole.contains(other));
            earlier.all(|other| place(&other).is_some_and(|place| place <= at))
                && later.all(|other| place(&other).is_some_and(|place| place >= at))
        });
        if is_free {
            for part in whole {
                implied.insert(part, at);
                effective.insert(part, at);
            }
        }
    }
}

/// Which creations become a part of which other creation.
#[derive(Default)]
struct Folded {
    into: BTreeMap<NodeIndex, NodeIndex>,
    parts: BTreeMap<NodeIndex, Vec<NodeIndex>>,
}

impl Folded {
    /// The action in whose statement one stands that became a part of it. A not-null constraint comes with its column,
    /// wherever that comes from.
    fn statement_of(&self, graph: &Graph, node: NodeIndex) -> Option<NodeIndex> {
        if graph.action(node).id.kind == Kind::NotNull {
            return None;
        }
        std::iter::successors(self.into.get(&node), |holder| self.into.get(*holder))
            .last()
            .copied()
    }
}

fn folded_creates(
    context: &Context<'_>,
    graph: &Graph,
    order: &[NodeIndex],
    place: &BTreeMap<NodeIndex, usize>,
    implied: &BTreeMap<NodeIndex, usize>,
) -> Folded {
    let mut folded = Folded::default();
    // An implied drop happens later than it is ordered: what waits for it does not move in front of that.
    let mut effective = implied.clone();
    for node in order {
        let action = graph.action(*node);
        effective.entry(*node).or_insert(place[node]);
        if action.verb != Verb::Create {
            continue;
        }
        let Some(holder) = action
            .id
            .parent
            .as_deref()
            .and_then(|parent| graph.created(parent))
        else {
            continue;
        };
        let Some(object) = context.after.get(&action.id) else {
            continue;
        };
        let takes_lines = matches!(
            graph.action(holder).statements.first().map(|it| &it.form),
            Some(Form::Create { .. })
        );
        match object.element(&action.id, context) {
            Some(Element::Line(_)) if takes_lines => {}
            Some(Element::Suffix(_)) => {}
            _ => continue,
        }
        let at = effective.get(&holder).copied().unwrap_or(usize::MAX);
        // A column that comes from a type or a parent is there with the table.
        let comes = |earlier: NodeIndex| {
            let earlier = &graph.action(earlier).id;
            let is_given = || {
                let column = context.after.get(earlier);
                column.is_some_and(|it| it.element(earlier, context).is_none())
            };
            matches!(action.id.kind, Kind::NotNull | Kind::Column)
                && earlier.kind == Kind::Column
                && earlier.parent == action.id.parent
                && (action.id.kind == Kind::NotNull || is_given())
        };
        if graph.before(*node).all(|earlier| {
            effective.get(&earlier).is_some_and(|place| *place <= at) || comes(earlier)
        }) {
            folded.into.insert(*node, holder);
            folded.parts.entry(holder).or_default().push(*node);
            effective.insert(*node, at);
        }
    }
    folded
}

/// Writes the folded parts of a creation into its statement.
fn absorb(
    context: &Context<'_>,
    graph: &Graph,
    folded: &Folded,
    node: NodeIndex,
    form: &mut Form,
    objects: &mut Vec<(Verb, ObjectId)>,
) {
    // Columns stand in the order of the table that is aimed at, not in that of their names.
    let mut parts: Vec<NodeIndex> = folded.parts.get(&node).cloned().unwrap_or_default();
    parts.sort_by_key(|part| {
        let id = &graph.action(*part).id;
        let position = context.after.positions.get(id).copied();
        (id.kind, position.unwrap_or(i32::MAX))
    });
    for part in &parts {
        let id = &graph.action(*part).id;
        objects.push((Verb::Create, id.clone()));
        let Some(element) = context
            .after
            .get(id)
            .and_then(|object| object.element(id, context))
        else {
            continue;
        };
        match (element, &mut *form) {
            (Element::Line(line), Form::Create { elements, .. }) => {
                let mut text = line;
                suffixes(context, graph, folded, *part, &mut text, objects);
                elements.push(text);
            }
            (Element::Suffix(suffix), Form::Alter { action, .. }) => {
                action.push(' ');
                action.push_str(&suffix);
            }
            _ => {}
        }
    }
}

fn suffixes(
    context: &Context<'_>,
    graph: &Graph,
    folded: &Folded,
    node: NodeIndex,
    text: &mut String,
    objects: &mut Vec<(Verb, ObjectId)>,
) {
    for part in folded.parts.get(&node).into_iter().flatten() {
        let id = &graph.action(*part).id;
        if let Some(Element::Suffix(suffix)) = context
            .after
            .get(id)
            .and_then(|object| object.element(id, context))
        {
            objects.push((Verb::Create, id.clone()));
            text.push(' ');
            text.push_str(&suffix);
        }
    }
}

/// Neighbours that differ only in their action, or only in the privilege, become one statement.
fn merge(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<Step> = Vec::new();
    for step in steps {
        if let Some(last) = merged.last_mut()
            && !last.statement.outside_transaction
            && !step.statement.outside_transaction
            && !last.commit_after
            // PostgreSQL drops before all else in one ALTER TABLE: a check that proves something must be there still.
            && last.statement.stage == step.statement.stage
            && join(&mut last.statement.form, &step.statement.form)
        {
            let known = &last.statement.hazards;
            let new = step.statement.hazards.into_iter();
            let new: Vec<Hazard> = new.filter(|it| !known.contains(it)).collect();
            last.statement.hazards.extend(new);
            last.objects.extend(step.objects);
            last.commit_after = step.commit_after;
            continue;
        }
        merged.push(step);
    }
    merged
}

/// Whether the actions already change the type of the column whose type another one changes: one ALTER TABLE does that
/// once.
fn retypes_again(actions: &str, more: &str) -> bool {
    let Some((column, _)) = more
        .split_once(" TYPE ")
        .filter(|(column, _)| column.starts_with("ALTER COLUMN "))
    else {
        return false;
    };
    let same = format!("{column} TYPE ");
    actions
        .lines()
        .any(|action| action.trim_start().starts_with(&same))
}

/// Whether a column would go before what still stands on it: in one ALTER TABLE PostgreSQL drops first, before an expression
/// or a change of type that does without the column, or takes its values, has run.
fn drops_before(action: &str, more: &str) -> bool {
    let Some(column) = more.trim_start().strip_prefix("DROP COLUMN ") else {
        return false;
    };
    let earlier = action.split(",\n    ").map(str::trim_start);
    earlier
        .filter(|it| it.starts_with("ALTER COLUMN "))
        .any(|it| {
            it.contains(" SET EXPRESSION AS ") || it.contains(" USING ") && it.contains(column)
        })
}

fn join(last: &mut Form, next: &Form) -> bool {
    match (last, next) {
        (
            Form::Alter { head, action },
            Form::Alter {
                head: other,
                action: more,
            },
        ) if head == other && !retypes_again(action, more) && !drops_before(action, more) => {
            if !action.starts_with('\n') {
                *action = format!("\n    {action}");
            }
            action.push_str(",\n    ");
            action.push_str(more);
            true
        }
        (
            Form::Grant {
                verb,
                privileges,
                tail,
            },
            Form::Grant {
                verb: other,
                privileges: more,
                tail: other_tail,
            },
            // ALL stands alone in its list.
        ) if verb == other
            && tail == other_tail
            && (privileges == more || !is_all(privileges) && !is_all(more)) =>
        {
            for privilege in more {
                if !privileges.contains(privilege) {
                    privileges.push(privilege.clone());
                }
            }
            true
        }
        (
            Form::List { head, items, tail },
            Form::List {
                head: other,
                items: more,
                tail: other_tail,
            },
        ) if head == other && tail == other_tail => {
            items.extend(more.iter().cloned());
            true
        }
        _ => false,
    }
}

/// ALL, or ALL of a column.
fn is_all(privileges: &[String]) -> bool {
    privileges
        .iter()
        .any(|privilege| privilege.split(' ').next() == Some("ALL"))
}

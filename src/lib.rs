//! Isobar compiles one description of an event-driven application into deployable artifacts for many platforms, and
//! proves that every identity in them may do what the graph of the application demands, and nothing else.
//!
//! This is the text for who changes the core. How to add a rule or a target stands in `CONTRIBUTING.md`.
//!
//! # Bird's-eye view
//!
//! ```text
//! text ─▶ tree ─▶ spec ─▶ model ─▶ graph ─▶ facts ─▶ findings          one application
//!  host   yaml    spec    model    graph    analysis rules
//!                                    │
//!                                    ├─▶ access ──────────┐
//!                                    ▼                    ▼
//!           targets/<id> ─▶ catalog ─▶ plan ─▶ emit ─▶ artifacts       one target
//!                                       │                 │
//!                                       └─▶ proof ◀─ read back (artifact)
//! ```
//!
//! Data flows one way, and every arrow is a function of its inputs alone: no clock, no environment, no network, no order
//! of a hash map. A stage gives its value and its findings together, so that one run reports what is wrong in all files;
//! later stages run on what is sound. [`pipeline`] holds the arrows in their order, and is what the commands, the tests and
//! the benchmarks call.
//!
//! # The modules
//!
//! - [`base`] has what everything is made of: source files and spans, names, durations, sizes, cron, routes, paths that
//!   cannot leave a folder, and "did you mean". It imports nothing of ours.
//! - [`diag`] is a [`Finding`](diag::Finding) with its labels, help and fix, the list of all ids, and the renderers. Findings
//!   are about the user's input; a failure of the program is an error and never a finding.
//! - [`yaml`] turns bytes into a tree in which every key and scalar has its span. It caps size, depth and aliases, refuses
//!   what YAML 1.2 does not have, repairs nothing in silence, and knows no schema.
//! - [`spec`] is what the user wrote: files joined, variables filled in, environments laid over, then one type for each kind of
//!   declaration, with each field spanned. One table of declarations makes the parser and the JSON Schema, so that they cannot
//!   disagree.
//! - [`model`] is what it means: every name resolved to a typed id, every default filled in with the reason, no YAML and
//!   nothing "maybe unresolved". What cannot be resolved is reported once; what depends on it stays silent.
//! - [`graph`] has typed nodes and edges over the model, each with the span that made it, indexes for the questions that rules
//!   ask, and the pictures.
//! - [`catalog`] loads a folder of `targets/`, or a user's own, and checks it: units, names, capabilities, limits, guarantees,
//!   permissions, readback, templates, and the platform's own actions, which judge what people write natively. It knows of
//!   the model only kinds and verbs.
//! - [`analysis`] computes facts once over the graph, for the judged targets: the access relation, what is promised of every
//!   delivery, what causes itself, how much one event becomes, how a workflow runs, what a thief reaches, the numbers of
//!   platforms. A rule asks facts and never knows which target a number came from.
//!   [`analysis::schema`] tells whether one event schema fits another, by a proof, by a witness, or not at all.
//! - [`rules`] are one file and one page each. They see facts and the graph; what only files know, the size of code, is
//!   measured by [`pipeline::weighed`] before. Levels of `lint:` and comments that allow a
//!   finding are applied here, for all rules alike.
//! - [`plan`] is model × catalogue: the views of one target, each with its template and file, the native grants with the edge
//!   that is their reason, the bindings. It asks the manifest which product a node becomes and has no opinion of its own. The
//!   fields of views are listed in `plan/fields.rs`.
//! - [`emit`] renders views through templates whose only way to print is an encoder, formats the result and packs code. What
//!   needs an algorithm is a dialect named by its format.
//! - [`artifact`] reads emitted text back as resources and grants, by the paths in the manifest, and as an inventory of values
//!   that can be compared. It imports neither plan nor emit and shares no code with them.
//! - `overriding` completes what a spec overrides in HCL, whose tool would lose what is left out of a block.
//! - [`proof`] puts both together: what the text grants, and what was demanded.
//! - [`access`] answers who may do what, what a thief reaches and who reaches a secret, as one document that is printed as
//!   text, Markdown or JSON.
//! - [`diff`] compares two states of an application. Specs are compared by their facts, in names that both share; outputs by
//!   the resources that [`artifact`] reads in their text, with the `lifecycle` of the manifest, which says what data a type
//!   holds and what makes it anew. All levels tell [`Change`](diff::Change)s of a [`Class`](diff::Class), for which gates,
//!   reports and comments have one shape each.
//! - [`host`] is the only place that touches files, the environment and the terminal. It holds the writing protocol.
//! - `commands` (in the program) has one file for each subcommand; a command asks for values and prints them.
//!
//! # Invariants
//!
//! 1. No platform is named outside of `targets/`, and of dialects that are named by a format. A third target touches no stage.
//! 2. A value is a value until it is printed: names, actions, references and addresses are typed or tagged, and an encoder
//!    prints each. No text of a spec is ever pasted into an output, not even into a comment.
//! 3. What a target cannot do is a finding at the line that asks for it. No construct is dropped in silence, and no verb
//!    without a row in `permissions.yaml` is granted by guess.
//! 4. The output is a pure function of spec, code and target: sorted, without time, the same on every machine. The order of
//!    declarations does not matter.
//! 5. With several targets all are rendered and proven before one byte is written.
//! 6. The typed parser is the only judge of a spec. The JSON Schema is for editors, and a test compares their verdicts.
//! 7. No input makes the program panic, hang or take memory without bound. What is larger than a cap is a finding.
//! 8. Every override is refused where it could change a permission.
//!
//! The import table that keeps the arrows pointing one way is checked by `tests/architecture`.
//!
//! # What happens to an event on its way
//!
//! Between an order and the booking that follows from it lie a route, a function, a bus with its retries, another function, a
//! queue and a third one. Whether that booking can happen twice, out of order or never is a property of the whole way, so it
//! is computed over the whole graph, once for each judged target, by [`analysis::delivery`]. Every edge along which something
//! is delivered has a point of this lattice, the product of
//!
//! ```text
//!                    strong                                weak       what makes it weaker
//!   duplicates       never ───────────────────────────▶ possible      a channel that delivers at least once, a retry
//!   order            total ──────▶ per key ───────────▶ none          a channel without order, batches side by side
//!   attempts         1 ──────▶ 2 ──────▶ … ───────────▶ no end        retries, receiving again
//!   age              0 ──────▶ 1 s ────▶ … ───────────▶ no end        retention, retry age, redrive from a dead letter
//!   load             1 ──────▶ 2 ──────▶ … ───────────▶ no end        attempts, one hop after the other
//! ```
//!
//! An edge takes what leaves the node that it starts at, and what its channel does to it: the guarantee of the target's
//! manifest, with its fact, or that of the baseline. A node lets out the join of what came in, the weaker of each. Two things
//! cut: a function or workflow that declares how it bears repetition passes none on, and a channel that keeps an order begins a
//! new one, whatever was lost before. What was lost stays marked with the edge that lost it, and each repetition names the edge
//! it came by, so that `isobar explain` can walk back, hop by hop.
//!
//! Circles are the hard case. Repetition and order have finite heights, so that the least fixpoint is reached by going round
//! until nothing changes, group by group of nodes that reach each other. Ages and loads would grow for ever in a circle whose
//! functions all pass repetitions on; every node of such a circle has no end from the start, so that the answer does not
//! depend on how often somebody went round. Properties are tested: it ends on any graph, the order of declarations changes
//! nothing, and a weaker channel makes no promise stronger.
//!
//! Rules read the lattice and none computes it again. A rule asks of its own edge first: what came from upstream is the defect
//! of whoever passed it on, and one defect is one finding.
//!
//! # What the proof shows
//!
//! [`plan`] derives the demanded grants from the access relation of the graph, which [`analysis`] computes from the edges
//! alone, in the platform's words from `permissions.yaml`. From there two ways part. One merges grants into statements, puts
//! them into views, renders, encodes and formats them. The other keeps them as they are. [`artifact`] then reads the text, by
//! the paths of `readback`, follows references to the resources that they name and these to the nodes in their tags, and
//! [`proof`] compares both sets: identity, principal, action, object, conditions. So it shows that
//!
//! - nothing was lost, added, widened or given to another on the way from the graph to the text, whatever templates, encoders,
//!   the formatter, `override` and `native` did;
//! - each reference in a grant leads to the resource of the node that was meant, not only to one with a likely name;
//! - whatever grants and cannot be understood fails, instead of being passed over.
//!
//! What it does not show:
//!
//! - That a row of `permissions.yaml` is right. Both sides are made of it, and a wrong row agrees with itself. An independent
//!   evaluator of policies, fed with what the verbs should allow and deny, catches that, in CI and for platforms that have one.
//! - That `readback` names every type of resource that can grant something. A type that it leaves out is not seen; the manifest
//!   of a target is as much a part of the trusted base as its permissions.
//! - That the access relation is what the code needs: `uses` is what the author says.
//! - What the platform does with the text, what else exists in the account or cluster, and what somebody changes afterwards.
//!
//! The mutation test deletes, widens and retargets every grant in the text of every example and sees the proof fail.

pub mod access;
pub mod analysis;
pub mod artifact;
pub mod base;
pub mod catalog;
pub mod diag;
pub mod diff;
pub mod emit;
pub mod graph;
pub mod host;
pub mod model;
mod overriding;
pub mod pipeline;
pub mod plan;
pub mod proof;
pub mod rules;
pub mod spec;
pub mod yaml;

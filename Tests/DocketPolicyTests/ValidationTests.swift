import DocketDomain
import DocketPolicy
import Testing

/// A change of a document that breaks a rule, and what is said of it.
struct BrokenRule: Sendable, CustomTestStringConvertible {
    let change: (original: String, broken: String)
    let problems: [String]

    init(_ original: String, _ broken: String, _ problems: String...) {
        change = (original, broken)
        self.problems = problems
    }

    var testDescription: String { problems.first ?? "" }
}

@Suite("What a policy may not say")
struct ValidationTests {
    /// A policy with a little of everything.
    private static let document = """
        version: 2
        name: Small
        kinds:
          - {kind: chat, initial_status: new, finish_status: done}
          - {kind: ticket, initial_status: new, finish_status: done, forward_only: true}
        statuses:
          - {key: new, name: New, category: new, reply: append}
          - {key: busy, name: Busy, category: open, requires_assignee: true, reply: append}
          - {key: paused, name: Paused, category: waiting, waiting_for: time, reply: append}
          - {key: done, name: Done, category: resolved, reply: reopen, reopen_within: 7d}
          - {key: over, name: Over, category: closed, reply: new_request}
        transitions:
          - {on: assigned, from: [new], to: busy}
          - {on: set, from: [new, busy], to: paused, requires: [wake_at]}
          - {on: finished, from: [new, busy, paused], to: done}
          - {on: finished, from: any, to: over}
          - {on: elapsed, from: [busy], to: done, after: 1d}
        channels:
          - {key: web, name: Web, inactive_after: 10m, default_topic: b, default_priority: low}
        topics:
          - {key: a, name: A, groups: [g]}
          - {key: b, name: B, parent: a, types: [question], default_priority: low}
        types:
          - {key: question, name: Question, default_priority: low}
        priorities:
          - {key: low, name: Low, default: true}
          - {key: high, name: High}
        fields:
          - {key: colour, name: Colour, type: choice, choices: [red, blue]}
          - {key: number, name: Number, type: integer, minimum: 1, maximum: 9}
        field_sets:
          - {topic: a, phase: close, required: [colour], optional: [number]}
        groups:
          - {key: g, name: G, groups: [h]}
          - {key: h, name: H}
        permissions: {take: [agent]}

        """

    @Test("The policy that the rules are broken in is one")
    func whole() throws {
        #expect(try PolicyDocument.parse(Self.document).name == "Small")
    }

    private func expect(_ rule: BrokenRule) throws {
        let text = Self.document.replacing(rule.change.original, with: rule.change.broken)
        #expect(text != Self.document, "\(rule.change.original) is not in the document")
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(text) }
        #expect(error.problems.map(\.description) == rule.problems)
    }

    private static let statusKeys = "new, busy, paused, done, over, merged, deleted"
    private static let everyStatus = "allowed: \(statusKeys)"

    // MARK: Keys

    @Test(
        "Keys name one thing, and something that there is",
        arguments: [
            BrokenRule(
                "kind: ticket, initial",
                "kind: chat, initial",
                "kinds[1].kind: is used before: chat"
            ),
            BrokenRule(
                "{key: high, name: High}",
                "{key: low, name: High}",
                "priorities[1].key: is used before: low"
            ),
            BrokenRule(
                "{key: h, name: H}",
                "{key: h, name: H}\n  - {key: h, name: I}",
                "groups[2].key: is used before: h"
            ),
            BrokenRule(
                "{key: number,",
                "{key: colour,",
                "fields[1].key: is used before: colour",
                "field_sets[0].optional[0]: is not in the policy: number; allowed: "
                    + "colour, colour"
            ),
            BrokenRule(
                "to: paused,",
                "to: nowhere,",
                "transitions[1].to: is not in the policy: nowhere; \(everyStatus)",
                "statuses[2].key: no transition of a chat leads to paused",
                "statuses[2].key: no transition of a ticket leads to paused"
            ),
            BrokenRule(
                "from: [busy], to: done",
                "from: [gone], to: done",
                "transitions[4].from[0]: is not in the policy: gone; \(everyStatus)"
            ),
            BrokenRule(
                "parent: a",
                "parent: z",
                "topics[1].parent: is not in the policy: z; allowed: a, b"
            ),
            BrokenRule(
                "groups: [g]",
                "groups: [x]",
                "topics[0].groups[0]: is not in the policy: x; allowed: g, h"
            ),
            BrokenRule(
                "types: [question]",
                "types: [x]",
                "topics[1].types[0]: is not in the policy: x; allowed: question"
            ),
            BrokenRule(
                "default_topic: b",
                "default_topic: x",
                "channels[0].default_topic: is not in the policy: x; allowed: a, b"
            ),
            BrokenRule(
                "name: Web,",
                "name: Web, opens: task,",
                "channels[0].opens: is not in the policy: task; allowed: chat, ticket"
            ),
            BrokenRule(
                "b, default_priority: low",
                "b, default_priority: x",
                "channels[0].default_priority: is not in the policy: x; allowed: "
                    + "low, high"
            ),
            BrokenRule(
                "[question], default_priority: low",
                "[question], default_priority: x",
                "topics[1].default_priority: is not in the policy: x; allowed: "
                    + "low, high"
            ),
            BrokenRule(
                "name: Question, default_priority: low",
                "name: Question, default_priority: x",
                "types[0].default_priority: is not in the policy: x; allowed: low, "
                    + "high"
            ),
            BrokenRule(
                "topic: a,",
                "topic: x,",
                "field_sets[0].topic: is not in the policy: x; allowed: a, b"
            ),
            BrokenRule(
                "required: [colour]",
                "required: [x]",
                "field_sets[0].required[0]: is not in the policy: x; allowed: "
                    + "colour, number"
            ),
            BrokenRule(
                "groups: [h]",
                "groups: [x]",
                "groups[0].groups[0]: is not in the policy: x; allowed: g, h"
            ),
        ]
    )
    func keys(rule: BrokenRule) throws { try expect(rule) }

    // MARK: Kinds and statuses

    @Test(
        "Kinds begin and end where they can, and statuses say what fits together",
        arguments: [
            BrokenRule(
                "{kind: chat, initial_status: new",
                "{kind: chat, initial_status: busy",
                "kinds[0].initial_status: must be a status without requires_assignee",
                "statuses[0].key: no transition of a chat leads to new"
            ),
            BrokenRule(
                "{kind: chat, initial_status: new",
                "{kind: chat, initial_status: over",
                "kinds[0].initial_status: must be of another category; allowed: new, open, waiting",
                "statuses[0].key: no transition of a chat leads to new",
                "statuses[1].key: no transition of a chat leads to busy",
                "statuses[2].key: no transition of a chat leads to paused",
                "statuses[3].key: no transition of a chat leads to done"
            ),
            BrokenRule(
                "new, finish_status: done}",
                "new, finish_status: deleted}",
                "kinds[0].finish_status: must not be merged or deleted"
            ),
            BrokenRule(
                "new, finish_status: done}",
                "new, finish_status: gone}",
                "kinds[0].finish_status: is not in the policy: gone; \(everyStatus)"
            ),
            BrokenRule(
                "category: waiting, waiting_for: time",
                "category: waiting",
                "statuses[2].waiting_for: is missing, with category: waiting; allowed: customer, "
                    + "third_party, colleague, time"
            ),
            BrokenRule(
                "category: open,",
                "category: open, waiting_for: time,",
                "statuses[1].waiting_for: is only for category: waiting"
            ),
            BrokenRule(
                "reopen_within: 7d",
                "reopen_within: 0d",
                "statuses[3].reopen_within: must be a time span; allowed: a whole number of s, "
                    + "m, h or "
                    + "d, from 1s to 3650d"
            ),
            BrokenRule(
                "{key: over, name: Over,",
                "{key: over, name: Over, rank: 1000001,",
                "statuses[4].rank: must be a whole number; allowed: 0 to 1000000"
            ),
            BrokenRule(
                "{key: over, name: Over, category: closed",
                "{key: over, name: Over, category: resolved",
                "statuses[3].default: one of a category's statuses must be its default "
                    + "(resolved, chat); "
                    + "allowed: done, over",
                "statuses[3].default: one of a category's statuses must be its default (resolved, "
                    + "ticket); allowed: done, over"
            ),
            BrokenRule(
                "transitions:",
                "  - {key: o, name: O, category: open, default: true, reply: append}\n"
                    + "  - {key: p, name: P, category: open, default: true, reply: "
                    + "append}\ntransitions:\n"
                    + "  - {on: set, from: [new], to: o}\n  - {on: set, from: [new], to: p}",
                "statuses[6].default: a category has one default: o is open's for chat",
                "statuses[6].default: a category has one default: o is open's for ticket"
            ),
            BrokenRule(
                "transitions:",
                "  - {key: gone, name: Gone, category: deleted, kinds: [chat], reply: refuse}\n"
                    + "transitions:",
                "statuses[5].kinds: requests of every kind are merged and deleted"
            ),
            BrokenRule(
                "transitions:",
                "  - {key: far, name: Far, category: open, default: true, "
                    + "kinds: [chat], reply: append}\ntransitions:",
                "statuses[5].key: no transition of a chat leads to far"
            ),
        ]
    )
    func statuses(rule: BrokenRule) throws { try expect(rule) }

    // MARK: Transitions

    @Test(
        "A transition can be caused, leads somewhere, and asks for what can be there",
        arguments: [
            BrokenRule(
                "{on: assigned, from: [new], to: busy}",
                "{on: assigned, from: [new], to: merged}",
                "transitions[0].to: requests are merged and deleted by commands of their own",
                "statuses[1].key: no transition of a chat leads to busy",
                "statuses[1].key: no transition of a ticket leads to busy"
            ),
            BrokenRule(
                "after: 1d}",
                "after: 1d}\n  - {on: elapsed, from: [done], to: over, after: 3d}",
                "transitions[5].to: no timer closes a request while timers_may_close is false"
            ),
            BrokenRule(
                "after: 1d}",
                "after: 1d}\n  - {on: merged, from: [paused], to: done}",
                "transitions[5].to: open work was merged into the request, and done would bury "
                    + "it; allowed: new, busy, paused"
            ),
            BrokenRule(
                "after: 1d}",
                "after: 1d, by: [agent]}",
                "transitions[4].by: agent does not cause elapsed; allowed: timer"
            ),
            BrokenRule(
                "to: busy}",
                "to: busy, by: [agent, contact, timer]}",
                "transitions[0].by: contact does not cause assigned; allowed: assignee, agent, "
                    + "supervisor, administrator",
                "transitions[0].by: timer does not cause assigned; allowed: assignee, agent, "
                    + "supervisor, administrator"
            ),
            BrokenRule(
                "to: busy}",
                "to: busy, by: []}",
                "transitions[0].by: must have 1 to 7 elements"
            ),
            BrokenRule(
                "to: busy}",
                "to: busy, requires: [reason]}",
                "transitions[0].requires: only on: set has a reason or wake_at"
            ),
            BrokenRule(
                ", requires: [wake_at]",
                "",
                "transitions[1].requires: a status that waits for time needs wake_at; allowed: "
                    + "wake_at"
            ),
            BrokenRule(
                ", after: 1d",
                "",
                "transitions[4].after: is missing, with on: elapsed; allowed: a whole number of "
                    + "s, m, h "
                    + "or d, from 1s to 3650d"
            ),
            BrokenRule(
                "to: busy}",
                "to: busy, after: 1d}",
                "transitions[0].after: is only for on: elapsed"
            ),
            BrokenRule(
                "to: busy}",
                "to: busy, effects: [release]}",
                "transitions[0].effects: a request in busy has an agent: no release"
            ),
            BrokenRule(
                "{on: assigned, from: [new]",
                "{on: assigned, from: [new, done]",
                "transitions[0].to: a ticket moves only forward, and busy does not rank above done"
            ),
            BrokenRule(
                "after: 1d}",
                "after: 1d}\n  - {on: created, from: [busy], to: done}",
                "transitions[5].from[0]: no request begins in busy; allowed: new"
            ),
            BrokenRule(
                "{on: assigned, from: [new]",
                "{on: assigned, from: [new, merged]",
                "transitions[0].from[1]: requests in merged follow no transition",
                "transitions[0].to: a ticket moves only forward, and busy does not rank above "
                    + "merged"
            ),
            BrokenRule(
                "from: [new, busy], to: paused",
                "from: [deleted, new, busy], to: paused",
                "transitions[1].from[0]: requests in deleted follow no transition",
                "transitions[1].to: a ticket moves only forward, and paused does not rank above "
                    + "deleted"
            ),
        ]
    )
    func transitions(rule: BrokenRule) throws { try expect(rule) }

    @Test(
        "A kind that moves only forward reaches what ranks above where it begins, and nothing else",
        arguments: [
            (9, ["statuses[5].key: no transition of a ticket leads to far"]),
            (10, ["statuses[5].key: no transition of a ticket leads to far"]),
            (11, []),
        ]
    )
    func forwardReach(rank: Int, problems: [String]) throws {
        let status =
            "  - {key: far, name: Far, category: open, default: true, kinds: [ticket], "
            + "rank: \(rank), reply: append}\n"
        let transition = "  - {on: set, from: any, to: far}\n"
        let text = Self.document.replacing(
            "transitions:\n",
            with: status + "transitions:\n" + transition
        )
        #expect(Self.problems(of: text) == problems)
    }

    private static func problems(of text: String) -> [String] {
        do {
            _ = try PolicyDocument.parse(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test(
        "A condition compares what there is with what it can be",
        arguments: [
            (
                "{field: colour, is: red}",
                ".field: is not a known word; allowed: kind, origin, "
                    + "channel, category, topic, type, priority, tag, visibility, assignee, "
                    + "chat, fields.KEY"
            ),
            (
                "{field: fields.size, is: 1}",
                ".field: is not in the policy: size; allowed: colour, number"
            ),
            (
                "{field: kind, is: letter}",
                ".is[0]: is not in the policy: letter; allowed: chat, ticket, task"
            ),
            (
                "{any: [{field: topic, is: [a, z]}]}",
                ".any[0].is[1]: is not in the policy: z; allowed: a, b"
            ),
            (
                "{none: [{field: visibility, is: hidden}]}",
                ".none[0].is[0]: is not in the policy: hidden; allowed: internal, "
                    + "external"
            ),
            (
                "{field: assignee, is: ann}",
                ".is[0]: is not in the policy: ann; allowed: somebody, nobody"
            ),
            (
                "{field: kind}",
                ".is: is missing, with field; allowed: 1 to 128 bytes without control "
                    + "characters, 1 to 128 bytes without control characters"
            ),
            (
                "{field: kind, is: chat, all: [{field: kind, is: chat}]}",
                ": must have exactly one of these; allowed: all, any, none, field"
            ),
            ("{}", ": must have exactly one of these; allowed: all, any, none, field"),
            ("{all: []}", ".all: must have 1 to 64 elements"),
            ("{all: [], is: x}", ".is: is only for field"),
            ("often", ": must be a mapping; allowed: all, any, none, field, is"),
        ]
    )
    func conditions(condition: String, problem: String) throws {
        let text = Self.document.replacing("to: busy}", with: "to: busy, when: \(condition)}")
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(text) }
        #expect(
            error.problems.map(\.description).contains("transitions[0].when\(problem)"),
            "\(error)"
        )
    }

    // MARK: Transient statuses

    @Test(
        "A transient status is left at once, whatever the request",
        arguments: [
            ("", ["statuses[5].transient: no transition on: created takes a chat out of brief"]),
            (
                "  - {on: created, from: [brief], to: new, when: {field: origin, is: line}}\n",
                [
                    "statuses[5].transient: the last way of a chat out of brief must be open to "
                        + "everybody, without when and requires, into the category new, open or "
                        + "waiting"
                ]
            ),
            (
                "  - {on: created, from: [brief], to: new, requires: [topic]}\n",
                [
                    "statuses[5].transient: the last way of a chat out of brief must be open to "
                        + "everybody, without when and requires, into the category new, open or "
                        + "waiting"
                ]
            ),
            (
                "  - {on: created, from: [brief], to: new, by: [agent]}\n",
                [
                    "statuses[5].transient: the last way of a chat out of brief must be open to "
                        + "everybody, without when and requires, into the category new, open or "
                        + "waiting"
                ]
            ),
            (
                "  - {on: created, from: [brief], to: new}\n  - {on: set, from: [new], to: "
                    + "brief}\n",
                ["transitions[1].to: only new requests are in a transient status: brief"]
            ),
        ]
    )
    func transient(transitions: String, problems: [String]) throws {
        let status =
            "  - {key: brief, name: Brief, category: new, transient: true, kinds: [chat], "
            + "reply: append}\n"
        let text = Self.document
            .replacing(
                "{kind: chat, initial_status: new",
                with: "{kind: chat, initial_status: brief"
            )
            .replacing(
                "name: New, category: new,",
                with: "name: New, category: new, default: true,"
            )
            .replacing(", requires_assignee: true", with: "")
            .replacing("transitions:\n", with: status + "transitions:\n" + transitions)
            .replacing("\\n", with: "\n")
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(text) }
        let found = error.problems.map(\.description)
        for problem in problems { #expect(found.contains(problem), "\(error)") }
    }

    @Test(
        "A kind that moves only forward leaves a transient status for one that ranks above it",
        arguments: [
            (
                10,
                [
                    "statuses[1].key: no transition of a ticket leads to busy",
                    "statuses[0].transient: no transition on: created takes a ticket out of brief",
                ]
            ), (11, []),
        ]
    )
    func transientDirection(rank: Int, problems: [String]) {
        let text = """
            version: 2
            name: Brief
            kinds:
              - {kind: ticket, initial_status: brief, finish_status: busy, forward_only: true}
            statuses:
              - {key: brief, name: Brief, category: new, rank: 10, transient: true, reply: append}
              - {key: busy, name: Busy, category: open, rank: \(rank), reply: append}
            transitions:
              - {on: created, from: any, to: busy}
            channels:
              - {key: web, name: Web, opens: ticket}
            """
        #expect(Self.problems(of: text) == problems)
    }

    @Test("No status needs an agent where a request without one would return to a transient status")
    func transientReturn() throws {
        let text = """
            version: 2
            name: Brief
            kinds:
              - {kind: chat, initial_status: brief, finish_status: busy}
            statuses:
              - {key: brief, name: Brief, category: new, transient: true, reply: append}
              - {key: busy, name: Busy, category: open, requires_assignee: true, reply: append}
            transitions:
              - {on: created, from: [brief], to: busy}
            channels:
              - {key: web, name: Web}
            """
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(text) }
        #expect(
            error.problems.map(\.description) == [
                "statuses[1].requires_assignee: a chat without an agent would return to brief, "
                    + "which is "
                    + "transient"
            ]
        )
    }

    // MARK: The rest

    @Test(
        "Trees have no cycles, priorities an order, and choices each word once",
        arguments: [
            BrokenRule(
                "{key: a, name: A,",
                "{key: a, name: A, parent: b,",
                "topics[0].parent: a topic must not lie below itself: a",
                "topics[1].parent: a topic must not lie below itself: b"
            ),
            BrokenRule(
                "parent: a",
                "parent: b",
                "topics[1].parent: a topic must not lie below itself: b"
            ),
            BrokenRule(
                "{key: h, name: H}",
                "{key: h, name: H, groups: [g]}",
                "groups[0].groups: a group must not contain itself: g",
                "groups[1].groups: a group must not contain itself: h"
            ),
            BrokenRule(
                "{key: high, name: High}",
                "{key: high, name: High, rank: 10}",
                "priorities[1].rank: is used before: 10"
            ),
            BrokenRule(
                "{key: high, name: High}",
                "{key: high, name: High, default: true}",
                "priorities[1].default: only one priority is the default"
            ),
            BrokenRule(
                "name: Low, default: true",
                "name: Low",
                "priorities[0].default: one priority must be the default; allowed: low, high"
            ),
            BrokenRule(
                "[red, blue]",
                "[red, blue, red]",
                "fields[0].choices[2]: is used before: red"
            ),
            BrokenRule(
                "type: choice, choices: [red, blue]",
                "type: choice",
                "fields[0].choices: is missing, with type: choice or choices; allowed: 1 to 128 "
                    + "bytes "
                    + "without control characters"
            ),
            BrokenRule(
                "type: choice,",
                "type: date,",
                "fields[0].choices: is only for type: choice or choices"
            ),
            BrokenRule(
                "maximum: 9",
                "maximum: 0",
                "fields[1].maximum: is less than the minimum; allowed: 1 or more"
            ),
            BrokenRule(
                "{take: [agent]}",
                "{take: [agent, contact]}",
                "permissions.take: contact does not do this; allowed: assignee, agent, supervisor, "
                    + "administrator"
            ),
            BrokenRule(
                "{take: [agent]}",
                "{dance: [agent]}",
                "permissions.dance: is unknown; allowed: take, assign, answer, note, edit, merge, "
                    + "split, link, delete"
            ),
        ]
    )
    func rest(rule: BrokenRule) throws { try expect(rule) }

    @Test("Everything that is wrong is said at once: first shapes, then what does not fit together")
    func together() throws {
        let shapes = Self.document
            .replacing("category: open", with: "category: opened")
            .replacing("name: Web,", with: "label: Web,")
            .replacing("parent: a", with: "parent: z")
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(shapes) }
        #expect(
            error.problems.map(\.path) == [
                "statuses[1].category", "channels[0].label", "channels[0].name",
            ]
        )
        let parts = Self.document
            .replacing("parent: a", with: "parent: z")
            .replacing("to: over", with: "to: gone")
            .replacing("{key: high, name: High}", with: "{key: high, name: High, rank: 10}")
        let problems = try #require(throws: PolicyError.self) { try PolicyDocument.parse(parts) }
        #expect(
            problems.problems.map(\.path) == [
                "transitions[3].to", "statuses[4].key", "statuses[4].key", "topics[1].parent",
                "priorities[1].rank",
            ]
        )
    }

    @Test("What a program makes is checked like what a document says")
    func programs() throws {
        let statuses = [
            Status(key: "new", name: "New", category: .new, rank: -1, reply: .append),
            Status(key: "w", name: "W", category: .waiting, reply: .appendWithin(.zero)),
        ]
        let content = PolicyContent(
            name: "",
            kinds: [KindRules(kind: .chat, initialStatus: "new", finishStatus: "w")],
            statuses: statuses,
            transitions: [
                Transition(on: .elapsed, from: [], to: "w", by: []),
                Transition(on: .set, from: [], to: "w", after: .milliseconds(1_500)),
            ],
            channels: [Channel(key: "c", name: "C", inactiveAfter: .seconds(400_000_000))],
            permissions: [.take: []]
        )
        let error = try #require(throws: PolicyError.self) { try Policy(content) }
        #expect(
            error.problems.map(\.path) == [
                "statuses[0].rank", "statuses[1].waiting_for", "statuses[1].reopen_within",
                "transitions[0].after", "transitions[0].by", "transitions[1].after",
                "transitions[1].after", "channels[0].inactive_after", "permissions.take",
            ]
        )
    }
}

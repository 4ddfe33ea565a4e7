internal import DocketDomain

extension RecordShape {
    static let status = RecordShape(
        name: .status,
        meaning: "Where a request stands.",
        fields: [
            FieldShape("key", .key, .required, "What commands and transitions name it by."),
            FieldShape("name", .name, .required, "What agents call it."),
            FieldShape(
                "contact_name",
                .name,
                .optional("the name"),
                "What contacts see instead of the name."
            ),
            FieldShape(
                "category",
                .word(StatusCategory.words),
                .required,
                "What it means to Docket."
            ),
            FieldShape(
                "kinds",
                .list(of: .word(RequestKind.words), count: 0...RequestKind.allCases.count),
                .optional("every kind"),
                "The kinds of request that may have it."
            ),
            FieldShape(
                "rank",
                .number(PolicyLimits.ranks),
                .optional("10 times its place, from 10"),
                "Its place in lists, and in a kind that moves only forward."
            ),
            FieldShape(
                "default",
                .flag,
                .optional("false"),
                "Whether it is the default among several statuses of its category."
            ),
            FieldShape(
                "requires_assignee",
                .flag,
                .optional("false"),
                "Whether a request in it needs an agent; without one it is in the initial status."
            ),
            FieldShape(
                "transient",
                .flag,
                .optional("false"),
                "Whether a request leaves it at once, by a transition on `created`."
            ),
            FieldShape(
                "waiting_for",
                .word(WaitingFor.words),
                .onlyWith(
                    field: "category",
                    words: [StatusCategory.waiting.word],
                    isRequired: true
                ),
                "Whom or what a request in it waits for."
            ),
            FieldShape(
                "reply",
                .word(ReplyWord.words),
                .required,
                "What a contact's message does to a request in it."
            ),
            FieldShape(
                "reopen_within",
                .span,
                .onlyWith(field: "reply", words: [ReplyWord.reopen.word], isRequired: true),
                "How long after entering the status a message still continues the request."
            ),
        ]
    )

    static let transition = RecordShape(
        name: .transition,
        meaning: "An allowed change of status.",
        fields: [
            FieldShape("on", .word(Trigger.words), .required, "What makes the status change."),
            FieldShape(
                "from",
                .either(
                    .word([PolicyValue.anyStatus]),
                    .list(of: .key, count: 1...PolicyLimits.statuses)
                ),
                .required,
                "The statuses that it leaves, or `any`: all but the one it leads to."
            ),
            FieldShape("to", .key, .required, "The status that follows."),
            FieldShape("by", .actors, .optional("as usual for `on`"), "Who may cause it."),
            FieldShape(
                "when",
                .record(.condition),
                .optional("always"),
                "The condition under which it is followed."
            ),
            FieldShape(
                "requires",
                .list(of: .word(Requirement.words), count: 0...Requirement.allCases.count),
                .optional("nothing"),
                "What has to be there before it is followed."
            ),
            FieldShape(
                "after",
                .span,
                .onlyWith(field: "on", words: [Trigger.elapsed.word], isRequired: true),
                "How long after entering the status."
            ),
            FieldShape(
                "effects",
                .list(
                    of: .either(.word([PolicyValue.release]), .record(.effect)),
                    count: 0...PolicyLimits.effects
                ),
                .optional("none"),
                "What else happens."
            ),
        ]
    )

    static let condition = RecordShape(
        name: .condition,
        meaning: "A comparison, or several of them, nested at most 8 deep.",
        fields: [
            FieldShape("all", .conditions, .optional("none"), "All of them hold."),
            FieldShape("any", .conditions, .optional("none"), "At least one of them holds."),
            FieldShape("none", .conditions, .optional("none"), "None of them holds."),
            FieldShape(
                "field",
                .line(bytes: PolicyLimits.keyBytes + SubjectWord.fieldPrefix.utf8.count),
                .optional("none"),
                "What is compared: \(SubjectWord.words.joined(separator: ", ")), or "
                    + "`\(SubjectWord.fieldPrefix)KEY` for a field."
            ),
            FieldShape(
                "is",
                .either(
                    .line(bytes: PolicyLimits.wordBytes),
                    .list(
                        of: .line(bytes: PolicyLimits.wordBytes),
                        count: 1...PolicyLimits.parts
                    )
                ),
                .onlyWith(field: "field", words: [], isRequired: true),
                "Its value, or the values of which it must have one."
            ),
        ],
        alternatives: ["all", "any", "none", "field"]
    )

    static let effect = RecordShape(
        name: .effect,
        meaning: "What else a transition does; the word `release` takes its agent off the request.",
        fields: [
            FieldShape(
                "tell",
                .text(bytes: PolicyLimits.tellBytes),
                .optional("none"),
                "What the desk tells the contact."
            ),
            FieldShape(
                "tag",
                .line(bytes: TextLimits.tagBytes),
                .optional("none"),
                "The tag to add."
            ),
        ],
        alternatives: ["tell", "tag"]
    )
}

extension ValueShape {
    /// The parts of a condition.
    fileprivate static let conditions = ValueShape.list(
        of: .record(.condition),
        count: 1...PolicyLimits.parts
    )
}

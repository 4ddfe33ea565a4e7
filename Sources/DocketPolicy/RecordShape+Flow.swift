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
                "Its place in lists, and in a flow that moves only forward."
            ),
            FieldShape(
                "default",
                .flag,
                .optional("false"),
                "Whether it stands for its category where several do."
            ),
            FieldShape(
                "requires_assignee",
                .flag,
                .optional("false"),
                "Whether a request in it has an agent; without one it is in the initial status."
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
                "For whom or what a request waits in it."
            ),
            FieldShape(
                "reply",
                .word(ReplyWord.words),
                .required,
                "What a contact's message does in it."
            ),
            FieldShape(
                "reopen_within",
                .span,
                .onlyWith(field: "reply", words: [ReplyWord.reopen.word], isRequired: true),
                "How long after the status was entered a message still continues the request."
            ),
        ]
    )

    static let transition = RecordShape(
        name: .transition,
        meaning: "A change of status that is allowed.",
        fields: [
            FieldShape("on", .word(Trigger.words), .required, "What makes the status change."),
            FieldShape(
                "from",
                .either(
                    .word([PolicyValue.anyStatus]),
                    .list(of: .key, count: 1...PolicyLimits.statuses)
                ),
                .required,
                "The statuses in which it does, or `any`: every one but the one it leads to."
            ),
            FieldShape("to", .key, .required, "The status that follows."),
            FieldShape("by", .actors, .optional("as usual for `on`"), "Who may cause it."),
            FieldShape(
                "when",
                .record(.condition),
                .optional("always"),
                "What has to be so for it to be followed."
            ),
            FieldShape(
                "requires",
                .list(of: .word(Requirement.words), count: 0...Requirement.allCases.count),
                .optional("nothing"),
                "What has to be there for it to be followed."
            ),
            FieldShape(
                "after",
                .span,
                .onlyWith(field: "on", words: [Trigger.elapsed.word], isRequired: true),
                "How long after the status was entered."
            ),
            FieldShape(
                "effects",
                .list(
                    of: .either(.word([PolicyValue.release]), .record(.effect)),
                    count: 0...PolicyLimits.effects
                ),
                .optional("none"),
                "What happens beside the change."
            ),
        ]
    )

    static let condition = RecordShape(
        name: .condition,
        meaning: "What has to be so: a comparison, or several of them, at most 8 deep.",
        fields: [
            FieldShape("all", .conditions, .optional("another form"), "Every one holds."),
            FieldShape("any", .conditions, .optional("another form"), "At least one holds."),
            FieldShape("none", .conditions, .optional("another form"), "None holds."),
            FieldShape(
                "field",
                .line(bytes: PolicyLimits.keyBytes + SubjectWord.fieldPrefix.utf8.count),
                .optional("another form"),
                "What is looked at: \(SubjectWord.words.joined(separator: ", ")), or "
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
                "The value it has, or the values of which it has one."
            ),
        ],
        alternatives: ["all", "any", "none", "field"]
    )

    static let effect = RecordShape(
        name: .effect,
        meaning: "What a transition does beside; `release`, as a word, takes the agent off it.",
        fields: [
            FieldShape(
                "tell",
                .text(bytes: PolicyLimits.tellBytes),
                .optional("another form"),
                "What the desk says to the contact."
            ),
            FieldShape(
                "tag",
                .line(bytes: TextLimits.tagBytes),
                .optional("another form"),
                "The tag that is added."
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

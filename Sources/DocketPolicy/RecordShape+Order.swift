internal import DocketDomain

extension RecordShape {
    static let topic = RecordShape(
        name: .topic,
        meaning: "What a request is about.",
        fields: [
            FieldShape("key", .key, .required, "What commands name it by."),
            FieldShape("name", .name, .required, "What agents call it."),
            FieldShape(
                "contact_name",
                .name,
                .optional("the name"),
                "What contacts see instead of the name."
            ),
            FieldShape("parent", .key, .optional("none"), "The topic above it."),
            FieldShape(
                "members",
                .logins,
                .optional("none"),
                "The logins of the agents who belong to it."
            ),
            FieldShape(
                "groups",
                .keys(PolicyLimits.things),
                .optional("none"),
                "The groups whose agents belong to it."
            ),
            FieldShape(
                "members_only",
                .flag,
                .optional("false"),
                "Whether only its agents can be assigned its requests: another agent loses a "
                    + "request that gets it. Contacts cannot choose it."
            ),
            FieldShape(
                "types",
                .keys(PolicyLimits.things),
                .optional("every type"),
                "The types that its requests may have."
            ),
            FieldShape(
                "default_priority",
                .key,
                .optional("that of the topic above"),
                "The priority of its requests, unless somebody or the type decides it."
            ),
        ]
    )

    static let type = RecordShape(
        name: .type,
        meaning: "What sort of matter a request is.",
        fields: [
            FieldShape("key", .key, .required, "What commands name it by."),
            FieldShape("name", .name, .required, "What people call it."),
            FieldShape(
                "default_priority",
                .key,
                .optional("none"),
                "The priority of its requests, unless somebody names one."
            ),
        ]
    )

    static let priority = RecordShape(
        name: .priority,
        meaning: "How urgent a request is.",
        fields: [
            FieldShape("key", .key, .required, "What commands name it by."),
            FieldShape("name", .name, .required, "What people call it."),
            FieldShape(
                "rank",
                .number(PolicyLimits.ranks),
                .optional("10 times its place, from 10"),
                "How urgent it is: higher is more urgent, and no two are equal."
            ),
            FieldShape(
                "default",
                .flag,
                .optional("false"),
                "Whether it is the priority where nothing decides another; exactly one has to be."
            ),
        ]
    )

    static let field = RecordShape(
        name: .field,
        meaning: "A field that requests have besides the fixed ones.",
        fields: [
            FieldShape("key", .key, .required, "What commands name it by."),
            FieldShape("name", .name, .required, "What people call it."),
            FieldShape("type", .word(FieldTypeWord.words), .required, "What it holds."),
            FieldShape(
                "limit",
                .number(1...Int64(FieldType.longestText)),
                .onlyWith(field: "type", words: [FieldTypeWord.text.word], isRequired: false),
                "The longest text in bytes; \(FieldType.longestText) by default."
            ),
            FieldShape(
                "minimum",
                .number(.min ... .max),
                .onlyWith(field: "type", words: [FieldTypeWord.integer.word], isRequired: false),
                "The smallest number."
            ),
            FieldShape(
                "maximum",
                .number(.min ... .max),
                .onlyWith(field: "type", words: [FieldTypeWord.integer.word], isRequired: false),
                "The largest number."
            ),
            FieldShape(
                "choices",
                .list(
                    of: .line(bytes: PolicyLimits.wordBytes),
                    count: 1...PolicyLimits.choices
                ),
                .onlyWith(
                    field: "type",
                    words: [FieldTypeWord.choice.word, FieldTypeWord.choices.word],
                    isRequired: true
                ),
                "The words to choose from."
            ),
            FieldShape(
                "visible_to_contact",
                .flag,
                .optional("false"),
                "Whether the contact sees it and may fill it in."
            ),
        ]
    )

    static let fieldSet = RecordShape(
        name: .fieldSet,
        meaning: "Which fields are asked for, and when.",
        fields: [
            FieldShape("topic", .key, .optional("every topic"), "The topic, and those below it."),
            FieldShape(
                "kind",
                .word(RequestKind.words),
                .optional("every kind"),
                "The kind of request."
            ),
            FieldShape(
                "phase",
                .word(FieldPhase.words),
                .required,
                "When: `create` when it is opened on purpose; `process` and `close` before a "
                    + "status of the category resolved or closed."
            ),
            FieldShape(
                "required",
                .keys(PolicyLimits.things),
                .optional("none"),
                "The fields that must be filled."
            ),
            FieldShape(
                "optional",
                .keys(PolicyLimits.things),
                .optional("none"),
                "The fields that may be filled."
            ),
        ]
    )

    static let group = RecordShape(
        name: .group,
        meaning: "A group of agents.",
        fields: [
            FieldShape("key", .key, .required, "What topics and groups name it by."),
            FieldShape("name", .name, .required, "What people call it."),
            FieldShape("members", .logins, .optional("none"), "The logins of its agents."),
            FieldShape(
                "groups",
                .keys(PolicyLimits.things),
                .optional("none"),
                "The groups whose agents belong to it too."
            ),
        ]
    )
}

extension ValueShape {
    /// The logins of agents.
    fileprivate static let logins = ValueShape.list(
        of: .line(bytes: TextLimits.nameBytes),
        count: 0...PolicyLimits.members
    )
}

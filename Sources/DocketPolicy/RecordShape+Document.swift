internal import DocketDomain

extension RecordShape {
    /// The shape of a mapping.
    static func named(_ name: RecordName) -> RecordShape {
        switch name {
        case .document: document
        case .kind: kind
        case .status: status
        case .transition: transition
        case .condition: condition
        case .effect: effect
        case .channel: channel
        case .topic: topic
        case .type: type
        case .priority: priority
        case .field: field
        case .fieldSet: fieldSet
        case .group: group
        case .permissions: permissions
        case .attachments: attachments
        }
    }

    /// The version of the document's format.
    static let version: Int64 = 2

    private static let document = RecordShape(
        name: .document,
        meaning: "The policy as a whole.",
        fields: [
            FieldShape("version", .version(version), .required, "The format of the document."),
            FieldShape("name", .name, .required, "What people call the policy."),
            FieldShape(
                "kinds",
                .list(of: .record(.kind), count: 1...RequestKind.allCases.count),
                .required,
                "The kinds of request that the desk handles."
            ),
            FieldShape(
                "answering_takes",
                .flag,
                .optional("true"),
                "Whether answering a request that nobody has assigns it to the agent."
            ),
            FieldShape(
                "timers_may_close",
                .flag,
                .optional("false"),
                "Whether a timer may move a request into a closed status."
            ),
            FieldShape(
                "statuses",
                .list(of: .record(.status), count: 1...PolicyLimits.statuses),
                .required,
                "The statuses, in the order in which people see them."
            ),
            FieldShape(
                "transitions",
                .list(of: .record(.transition), count: 0...PolicyLimits.transitions),
                .required,
                "The allowed changes of status; of several that fit, the first is followed."
            ),
            FieldShape(
                "channels",
                .list(of: .record(.channel), count: 1...PolicyLimits.things),
                .required,
                "The ways in which contacts reach the company."
            ),
            FieldShape(
                "topics",
                .list(of: .record(.topic), count: 0...PolicyLimits.topics),
                .optional("none"),
                "What requests are about: one tree of topics, categories and services."
            ),
            FieldShape(
                "types",
                .list(of: .record(.type), count: 0...PolicyLimits.things),
                .optional("none"),
                "What sort of matter requests are."
            ),
            FieldShape(
                "priorities",
                .list(of: .record(.priority), count: 0...PolicyLimits.priorities),
                .optional("none"),
                "How urgent requests are."
            ),
            FieldShape(
                "fields",
                .list(of: .record(.field), count: 0...PolicyLimits.things),
                .optional("none"),
                "The fields that requests have besides the fixed ones."
            ),
            FieldShape(
                "field_sets",
                .list(of: .record(.fieldSet), count: 0...PolicyLimits.fieldSets),
                .optional("none"),
                "Which fields are asked for, and when."
            ),
            FieldShape(
                "groups",
                .list(of: .record(.group), count: 0...PolicyLimits.things),
                .optional("none"),
                "Groups of agents."
            ),
            FieldShape(
                "permissions",
                .record(.permissions),
                .optional("the defaults below"),
                "Who may do what, where it differs from the default."
            ),
            FieldShape(
                "attachments",
                .record(.attachments),
                .optional("the defaults below"),
                "Limits on attachments, where they differ from the defaults."
            ),
        ]
    )

    private static let kind = RecordShape(
        name: .kind,
        meaning: "How requests of one kind behave.",
        fields: [
            FieldShape("kind", .word(RequestKind.words), .required, "The kind."),
            FieldShape(
                "initial_status",
                .key,
                .required,
                "The status in which a request of the kind begins."
            ),
            FieldShape(
                "finish_status",
                .key,
                .required,
                "The status after finishing, unless the agent names another."
            ),
            FieldShape(
                "forward_only",
                .flag,
                .optional("false"),
                "Whether a status may be followed only by one of higher rank."
            ),
        ]
    )

    private static let channel = RecordShape(
        name: .channel,
        meaning: "A way in which contacts reach the company.",
        fields: [
            FieldShape("key", .key, .required, "What commands name the channel by."),
            FieldShape("name", .name, .required, "What people call it."),
            FieldShape(
                "kind",
                .word(ChannelKind.words),
                .optional("chat"),
                "What sort of channel it is; partners open requests on the sort `api` only."
            ),
            FieldShape(
                "opens",
                .word(RequestKind.words),
                .optional("chat"),
                "The kind of request that a message on it opens."
            ),
            FieldShape(
                "inactive_after",
                .span,
                .optional("requests on it are never live"),
                "How long a live chat may be silent before it ends."
            ),
            FieldShape(
                "requires_title",
                .flag,
                .optional("false"),
                "Whether a request on it must have a title."
            ),
            FieldShape(
                "separates_messages",
                .flag,
                .optional("false"),
                "Whether a message that names no request always opens one, as mail does."
            ),
            FieldShape(
                "default_topic",
                .key,
                .optional("none"),
                "The topic of requests on it, unless somebody names one."
            ),
            FieldShape(
                "default_priority",
                .key,
                .optional("the policy's default"),
                "The priority of requests on it, unless something else decides it."
            ),
        ]
    )

    private static let attachments = RecordShape(
        name: .attachments,
        meaning: "Limits on attachments.",
        fields: [
            FieldShape(
                "bytes",
                .number(PolicyLimits.fileBytes),
                .optional("26214400"),
                "The largest file, in bytes."
            ),
            FieldShape(
                "files_in_message",
                .number(PolicyLimits.filesInMessage),
                .optional("10"),
                "The most files of one message."
            ),
            FieldShape(
                "unfinished_uploads",
                .number(PolicyLimits.unfinishedUploads),
                .optional("16"),
                "The most incomplete uploads of one user."
            ),
            FieldShape(
                "unused_files",
                .number(PolicyLimits.unusedFiles),
                .optional("64"),
                "The most complete files of one user that no message names yet; with `bytes` it "
                    + "bounds what one user can leave on the disk."
            ),
            FieldShape(
                "types",
                .list(of: .line(bytes: PolicyLimits.wordBytes), count: 0...PolicyLimits.things),
                .optional("every type"),
                "The media types that are accepted, such as `image/png`."
            ),
        ]
    )

    private static let permissions = RecordShape(
        name: .permissions,
        meaning: "Who may do what with requests, besides changing their status.",
        fields: WorkAction.allCases.map { action in
            FieldShape(
                action.word,
                .actors,
                .optional(action.usualActors.words.joined(separator: ", ")),
                "Who may do this: \(action.meaning)."
            )
        }
    )
}

extension ValueShape {
    /// What people call something.
    static let name = ValueShape.line(bytes: PolicyLimits.nameBytes)

    /// A list of actors.
    static let actors = ValueShape.list(
        of: .word(ActorSet.words.map(\.word)),
        count: 1...ActorSet.words.count
    )

    /// A list of at most so many keys.
    static func keys(_ limit: Int) -> ValueShape { .list(of: .key, count: 0...limit) }
}

extension WorkAction {
    /// What somebody does, in the documentation's words.
    fileprivate var meaning: String {
        switch self {
        case .take: "taking a request that nobody has"
        case .assign: "giving a request to an agent, or to nobody"
        case .answer: "answering in a request that somebody else has"
        case .note: "writing notes"
        case .edit: "changing title, topic, type, priority, fields, tags, watchers, participants"
        case .merge: "merging requests"
        case .split: "splitting messages off"
        case .link: "linking requests"
        case .delete: "deleting and restoring"
        }
    }
}

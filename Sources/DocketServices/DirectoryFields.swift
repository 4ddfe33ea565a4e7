internal import DocketDomain
internal import DocketMessages
internal import DocketRPC

extension ContactEdit {
    /// Reads what a call changes of a contact; throws the path of the first field that is not as
    /// it must be.
    init(_ fields: Docket_V1_ContactFields) throws(RPCError) {
        var edit = ContactEdit()
        try reading("fields.") { () throws(FieldFault) in
            if fields.hasName { try edit.set(name: fields.name) }
            if fields.hasEmails { try edit.set(emails: fields.emails.values) }
            if fields.hasPhones { try edit.set(phones: fields.phones.values) }
            if fields.hasLanguage { try edit.set(language: fields.language) }
            if fields.hasTimeZone { try edit.set(timeZone: fields.timeZone) }
            if fields.hasClientCategory { try edit.set(clientCategory: fields.clientCategory) }
            if fields.hasBlocked { edit.isBlocked = fields.blocked }
            if fields.hasAttributes {
                try edit.set(
                    attributes: fields.attributes.values.map {
                        ContactAttribute(key: $0.key, value: $0.value)
                    }
                )
            }
        }
        self = edit
    }
}

extension CompanyEdit {
    /// Reads what a call changes of a company; throws the path of the first field that is not as
    /// it must be.
    init(_ fields: Docket_V1_CompanyFields) throws(RPCError) {
        var edit = CompanyEdit()
        try reading("fields.") { () throws(FieldFault) in
            if fields.hasName { try edit.set(name: fields.name) }
            if fields.hasClientCategory { try edit.set(clientCategory: fields.clientCategory) }
        }
        self = edit
    }
}

/// Reads fields whose paths begin with the prefix; throws what the call is answered.
func reading<Value>(
    _ prefix: String = "",
    _ body: () throws(FieldFault) -> Value
) throws(RPCError) -> Value {
    do throws(FieldFault) {
        return try body()
    } catch {
        throw RPCError(error, prefix: prefix)
    }
}

extension RPCError {
    /// A field that holds what it cannot.
    fileprivate init(_ fault: FieldFault, prefix: String) {
        let path = prefix + fault.path
        let (reason, rule): (Reason, String) =
            switch fault.problem {
            case .missing: (.fieldMissing, "is empty")
            case .invalid: (.invalidArgument, "is not of the form that it must have")
            case .repeated: (.invalidArgument, "stands in the list before")
            case .tooLong(let limit): (.fieldTooLong, "is longer than \(limit) bytes")
            case .tooMany(let limit): (.fieldTooLong, "has more than \(limit) entries")
            }
        self.init(
            reason,
            "the field \(path) \(rule)",
            isNotProcessed: true,
            trailers: [.text("field", path)]
        )
    }
}

// Made from docket/v1/contacts.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Contacts`.
package enum ContactsMethods {
    /// Gives the contact whom the integration's channel, or the partner's system, knows by an external
    /// id, and creates it if there is none.
    package static let ensure = Method(
        "docket.v1.Contacts/Ensure", .unary,
        callers: Callers(.integration, .partner),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Gives one contact. A contact gets itself, an integration those whom it brought.
    package static let get = Method(
        "docket.v1.Contacts/Get", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000))
    /// Finds contacts by one of several things, by name.
    package static let find = Method(
        "docket.v1.Contacts/Find", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Creates a contact by hand, for instance after a phone call. It cannot sign in.
    package static let create = Method(
        "docket.v1.Contacts/Create", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Changes what is known of a contact. A contact changes itself and an integration those whom it
    /// brought: their name, e-mail addresses, phone numbers and language.
    package static let update = Method(
        "docket.v1.Contacts/Update", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says for which company a contact speaks.
    package static let setCompany = Method(
        "docket.v1.Contacts/SetCompany", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [ensure, get, find, create, update, setCompany]
}

/// Contacts: the customers, and what the desk knows of them.
package protocol ContactsQueries: Sendable {
    /// Gives one contact. A contact gets itself, an integration those whom it brought.
    func get(
        _ call: Docket_V1_GetContactCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetContactReply
    /// Finds contacts by one of several things, by name.
    func find(
        _ call: Docket_V1_FindContactsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_FindContactsReply
}

/// Contacts: the customers, and what the desk knows of them.
package protocol ContactsService: ContactsQueries {
    /// Gives the contact whom the integration's channel, or the partner's system, knows by an external
    /// id, and creates it if there is none.
    func ensure(
        _ call: Docket_V1_EnsureContactCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply
    /// Creates a contact by hand, for instance after a phone call. It cannot sign in.
    func create(
        _ call: Docket_V1_CreateContactCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply
    /// Changes what is known of a contact. A contact changes itself and an integration those whom it
    /// brought: their name, e-mail addresses, phone numbers and language.
    func update(
        _ call: Docket_V1_UpdateContactCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply
    /// Says for which company a contact speaks.
    func setCompany(
        _ call: Docket_V1_SetContactCompanyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply
}

extension ContactsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(ContactsMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
        router.unary(ContactsMethods.find) {
            (call, context) async throws(RPCError) in
            try await self.find(call, context: context)
        }
    }
}

extension ContactsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(ContactsMethods.ensure) {
            (call, context) async throws(RPCError) in
            try await self.ensure(call, context: context)
        }
        router.unary(ContactsMethods.create) {
            (call, context) async throws(RPCError) in
            try await self.create(call, context: context)
        }
        router.unary(ContactsMethods.update) {
            (call, context) async throws(RPCError) in
            try await self.update(call, context: context)
        }
        router.unary(ContactsMethods.setCompany) {
            (call, context) async throws(RPCError) in
            try await self.setCompany(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Contacts`.
package struct ContactsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Gives the contact whom the integration's channel, or the partner's system, knows by an external
    /// id, and creates it if there is none.
    package func ensure(
        _ call: Docket_V1_EnsureContactCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply {
        try await channel.unary(ContactsMethods.ensure, call, options: options)
    }

    /// Gives one contact. A contact gets itself, an integration those whom it brought.
    package func get(
        _ call: Docket_V1_GetContactCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetContactReply {
        try await channel.unary(ContactsMethods.get, call, options: options)
    }

    /// Finds contacts by one of several things, by name.
    package func find(
        _ call: Docket_V1_FindContactsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_FindContactsReply {
        try await channel.unary(ContactsMethods.find, call, options: options)
    }

    /// Creates a contact by hand, for instance after a phone call. It cannot sign in.
    package func create(
        _ call: Docket_V1_CreateContactCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        try await channel.unary(ContactsMethods.create, call, options: options)
    }

    /// Changes what is known of a contact. A contact changes itself and an integration those whom it
    /// brought: their name, e-mail addresses, phone numbers and language.
    package func update(
        _ call: Docket_V1_UpdateContactCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        try await channel.unary(ContactsMethods.update, call, options: options)
    }

    /// Says for which company a contact speaks.
    package func setCompany(
        _ call: Docket_V1_SetContactCompanyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        try await channel.unary(ContactsMethods.setCompany, call, options: options)
    }
}

extension Docket_V1_CreateContactCall: CommandCall {}
extension Docket_V1_EnsureContactCall: CommandCall {}
extension Docket_V1_SetContactCompanyCall: CommandCall {}
extension Docket_V1_UpdateContactCall: CommandCall {}

internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore

/// Serves `Contacts`.
package struct ContactsHandler: ContactsService {
    private let desk: Desk

    /// Serves the contacts of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func ensure(
        _ call: Docket_V1_EnsureContactCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply {
        try require(call.externalID, atMost: TextLimits.externalIDBytes, "external_id")
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        let id: ContactID = try identifier(call.header.commandID, "header.command_id")
        let acceptance = try await desk.accept(
            .identity(.ensureContact(id, externalID: call.externalID, name: call.name)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_EnsureContactReply()
        reply.contact = Docket_V1_Actor(try acceptance.party)
        return reply
    }
}

// Made from Protocol by protoc-gen-docket; do not edit.

package import DocketRPC

/// Every method of this version of the protocol.
package enum MethodTable {
    /// The methods, by service.
    package static let all: [Method] =
        [
            AdministrationMethods.all,
            AgentsMethods.all,
            AttachmentsMethods.all,
            AuditMethods.all,
            ChannelsMethods.all,
            CommandsMethods.all,
            CompaniesMethods.all,
            ContactsMethods.all,
            ConversationsMethods.all,
            DiagnosticsMethods.all,
            FeedMethods.all,
            HealthMethods.all,
            PoliciesMethods.all,
            RequestsMethods.all,
            SearchMethods.all,
            SessionsMethods.all,
            TicketsMethods.all,
        ].flatMap(\.self)
}

package import DocketDomain
package import DocketMessages
internal import Foundation
internal import SwiftProtobuf

/// For whom a request is described, and by which rules its status is called.
package struct RequestView: Sendable {
    /// The rules.
    package let policy: Policy
    /// Who reads it.
    package let audience: Audience

    /// Describes for whom.
    package init(policy: Policy, audience: Audience) {
        self.policy = policy
        self.audience = audience
    }
}

extension Docket_V1_Request {
    /// The request as somebody may see it; empty where that is nothing.
    package init(_ request: SupportRequest, for view: RequestView) {
        switch view.audience {
        case .staff, .audit: self.init(request, calledBy: view)
        case .conversation:
            guard let seen = ContactView(request, under: view.policy)?.value else {
                self.init()
                return
            }
            self.init(seen, calledBy: view)
        }
    }

    /// Everything of a request, or of what somebody may see of it.
    private init(_ request: SupportRequest, calledBy view: RequestView) {
        self.init()
        id = request.id.data
        number = request.number
        conversationID = request.conversation.data
        status = request.status
        category = Docket_V1_StatusCategory(request.category)
        if let agent = request.assignee { assignee = Docket_V1_Actor(agent.party) }
        version = request.version
        openedMilliseconds = request.openedAt.milliseconds
        changedMilliseconds = request.changedAt.milliseconds
        contact = Docket_V1_Actor(request.contact.party)
        sequence = request.sequence
        description_p = request.description
        channel = request.channel
        title = request.title
        statusName = view.policy.name(ofStatus: request.status, for: view.audience)
        isLive = request.session != nil
        livePeriods = request.sessionCount
        if let previous = request.previous { previousRequestID = previous.data }
        details = request.details.message
        if let turn = request.turn {
            lastAuthor = Docket_V1_PrincipalKind(turn.lastAuthor)
            waitingSinceMilliseconds = turn.waitingSince?.milliseconds ?? 0
        }
        if let topic = request.details.topic {
            topicName = view.policy.name(ofTopic: topic, for: view.audience)
        }
    }
}

extension Docket_V1_Conversation {
    /// A conversation with its newest request, as somebody may see them; empty where that is
    /// nothing.
    package init(
        _ conversation: Conversation,
        newestRequest request: SupportRequest?,
        for view: RequestView
    ) {
        self.init()
        let seen = view.audience == .staff ? conversation : ContactView(conversation)?.value
        guard let seen else { return }
        id = seen.id.data
        contact = Docket_V1_Actor(seen.contact.party)
        channel = seen.channel
        if let request { newestRequest = Docket_V1_Request(request, for: view) }
    }
}

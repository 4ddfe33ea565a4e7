internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import SwiftProtobuf

/// Serves `Channels`: where something can be begun, and what that takes.
package struct ChannelsHandler: ChannelsService {
    private let desk: Desk

    /// Serves the channels of a desk.
    package init(desk: Desk) { self.desk = desk }

    package func list(
        _ call: Docket_V1_ListChannelsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListChannelsReply {
        let (policy, principal) = (desk.policy, try context.principal)
        // A policy may have a thousand topics and as many sets of fields.
        let offer = await desk.besideLoops { policy.offer(to: principal) }
        return offer.channels.isEmpty
            ? Docket_V1_ListChannelsReply() : Docket_V1_ListChannelsReply(offer)
    }
}

extension Docket_V1_ListChannelsReply {
    fileprivate init(_ offer: Offer) {
        self.init()
        channels = offer.channels.map(Docket_V1_OpenChannel.init)
        topics = offer.topics.map(Docket_V1_OpenTopic.init)
        forms = offer.forms.map { form in
            .with {
                $0.fields = form.fields.map { UInt32(clamping: $0) }
                $0.required = form.required.map { UInt32(clamping: $0) }
            }
        }
        fields = offer.fields.map(Docket_V1_OpenField.init)
        types = offer.types.map(Docket_V1_OpenChoice.init)
        priorities = offer.priorities.map(Docket_V1_OpenChoice.init)
        statuses = offer.statuses.map { status in
            .with {
                $0.key = status.key
                $0.name = status.name
                $0.category = Docket_V1_StatusCategory(status.category)
                $0.kinds = status.kinds.map(Docket_V1_RequestKind.init)
            }
        }
        limits.textBytes = UInt32(clamping: TextLimits.messageBytes)
        limits.titleBytes = UInt32(clamping: TextLimits.titleBytes)
        limits.attachmentBytes = offer.attachments.bytes
        limits.attachments = UInt32(clamping: offer.attachments.filesInMessage)
        limits.attachmentTypes = offer.attachments.types.sorted()
    }
}

extension Docket_V1_OpenChannel {
    fileprivate init(_ channel: Offer.OpenChannel) {
        self.init()
        key = channel.key
        name = channel.name
        opens = Docket_V1_RequestKind(channel.opens)
        requiresTitle = channel.requiresTitle
        separatesMessages = channel.separatesMessages
        defaultTopic = channel.defaultTopic ?? ""
        types = channel.types
        forms = channel.forms.map(Docket_V1_OpenForm.init)
    }
}

extension Docket_V1_OpenTopic {
    fileprivate init(_ topic: Offer.OpenTopic) {
        self.init()
        key = topic.key
        name = topic.name
        parent = topic.parent ?? ""
        types = topic.types
        forms = topic.forms.map(Docket_V1_OpenForm.init)
    }
}

extension Docket_V1_OpenForm {
    fileprivate init(_ form: Offer.OpenForm) {
        self.init()
        kind = Docket_V1_RequestKind(form.kind)
        self.form = UInt32(clamping: form.form)
    }
}

extension Docket_V1_OpenChoice {
    fileprivate init(_ choice: Offer.Choice) {
        self.init()
        key = choice.key
        name = choice.name
    }
}

extension Docket_V1_OpenField {
    fileprivate init(_ field: Offer.OpenField) {
        self.init()
        key = field.key
        name = field.name
        switch field.type {
        case .text(let limit):
            type = .text
            textBytes = UInt32(clamping: limit)
        case .integer(let range):
            type = .integer
            lowest = range.lowerBound
            highest = range.upperBound
        case .decimal: type = .decimal
        case .flag: type = .flag
        case .date: type = .date
        case .choice(let words):
            type = .choice
            self.words = words
        case .choices(let words):
            type = .choices
            self.words = words
        }
    }
}

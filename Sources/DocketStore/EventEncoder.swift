package import DocketDomain
package import Foundation
internal import SwiftProtobuf

/// Encodes events as the log holds them, one after the other in the same room.
///
/// What is said is most of the log, and what is opened most of the rest, so that both are written
/// field by field, without the generated message's objects. Everything else is encoded by the
/// generated message, which decides what all of it looks like.
package struct EventEncoder {
    private var writer = WireWriter()

    /// Makes an encoder.
    package init() {}

    /// The event as the log holds it and the feed sends it to the staff.
    package mutating func encode(_ event: Event) -> Data {
        switch event.fact {
        case .conversationOpened(let contact, let channel):
            begin(event)
            writer.write(in: 10) { writer in
                writer.write(contact.party, in: 1)
                writer.write(channel, in: 2)
            }
        case .requestOpened(let opened):
            begin(event)
            writer.write(in: 11) { $0.write(opened, named: event.contactNames) }
        case .messagePosted(let message):
            begin(event)
            writer.write(in: 12) { $0.write(message) }
        case .notePosted(let note):
            begin(event)
            writer.write(in: 13) { writer in
                writer.write(note.id, in: 1)
                writer.write(note.sequence, in: 2)
                writer.write(note.text, in: 3)
            }
        // Whatever is not written by hand, the generated message writes.
        default: return event.encoded
        }
        return Data(writer.bytes)
    }

    /// Writes what every event has.
    private mutating func begin(_ event: Event) {
        writer.begin()
        writer.write(event.at.milliseconds, in: 1)
        writer.write(event.actor, in: 2)
        writer.write(event.conversation, in: 3)
        if let request = event.request {
            writer.write(request.id, in: 4)
            writer.write(request.number, in: 5)
            writer.write(request.version, in: 6)
        }
        writer.write(UInt64(event.way.rawValue), in: 7)
        writer.write(event.isInternal, in: 8)
        if let request = event.request, request.versionForContact != request.version {
            writer.write(request.versionForContact, in: 9)
        }
    }
}

extension WireWriter {
    fileprivate mutating func write(_ opened: OpenedRequest, named names: ContactNames) {
        write(opened.status, in: 1)
        write(UInt64(opened.category.rawValue), in: 2)
        write(opened.previous, in: 3)
        write(opened.contact.party, in: 4)
        write(opened.channel, in: 5)
        write(UInt64(opened.kind.rawValue), in: 6)
        write(UInt64(opened.origin.rawValue), in: 7)
        write(!opened.isRouted, in: 8)
        write(opened.title ?? "", in: 9)
        write(opened.topic ?? "", in: 10)
        write(opened.type ?? "", in: 11)
        write(opened.priority ?? "", in: 12)
        write(names.status ?? "", in: 13)
        write(names.topic ?? "", in: 14)
        write(opened.externalKey ?? "", in: 15)
    }

    fileprivate mutating func write(_ message: DocketDomain.Message) {
        write(message.id, in: 1)
        write(message.sequence, in: 2)
        write(message.text, in: 3)
        write(message.authoredAt?.milliseconds ?? 0, in: 4)
        for attachment in message.attachments {
            // An attachment has no required fields, so encoding it has no way to fail.
            write(encoded: (try? attachment.message.serializedBytes()) ?? Data(), in: 5)
        }
        write(message.isQuiet, in: 6)
    }
}

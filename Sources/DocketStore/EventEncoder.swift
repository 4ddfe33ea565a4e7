package import DocketDomain
package import Foundation
internal import SwiftProtobuf

/// Encodes events as the log holds them, one after the other in the same room.
///
/// What is said is most of the log, so that messages and notes are written field by field, without
/// the generated message's objects. Everything else is encoded by the generated message, which
/// decides what both look like.
package struct EventEncoder {
    private var writer = WireWriter()

    /// Makes an encoder.
    package init() {}

    /// The event as the log holds it and the feed sends it to the staff.
    package mutating func encode(_ event: Event) -> Data {
        switch event.fact {
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
        writer.write(in: 2) { writer in
            writer.write(UInt64(event.actor.kind.rawValue), in: 1)
            writer.write(event.actor.id, in: 2)
            writer.write(event.actor.name, in: 3)
        }
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

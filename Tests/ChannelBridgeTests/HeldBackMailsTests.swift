import DocketRPC
import DocketTerminal
import DocketTestSupport
import Foundation
import Testing

@testable import DocketClient
@testable import docket_channel_bridge

/// A network on which no server is.
private struct NoNetwork: Connector {
    var networkChanges: AsyncStream<Void> { .ended }

    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink {
        throw RPCError(.draining, "the network is down")
    }
}

@Suite("A contact that is full keeps its mails in the folder", .timeLimit(.minutes(5)))
final class HeldBackMailsTests {
    private let path = NSTemporaryDirectory() + "docket-held-back-\(UUID().uuidString)"

    init() throws {
        for folder in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(path)/\(folder)",
                withIntermediateDirectories: true
            )
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Puts a mail into the folder, whose number is its place in the order.
    private func deliver(_ number: Int, from sender: String) throws {
        let mail = """
            From: \(sender)@example.org
            To: desk@example.net
            Message-ID: <\(number)@example.org>

            This is number \(number).

            """
        try mail.write(toFile: "\(path)/new/\(number).mail", atomically: false, encoding: .utf8)
    }

    private func waiting() throws -> [String] { try Maildir(path).waiting().map(\.text) }

    /// Looks at the folder with relays that take so many messages of a contact, one after the
    /// other, and gives what each has left there, and what it has said.
    private func look(
        _ disk: MemoryDisk,
        taking counts: [Int]
    ) async throws -> [(left: [String], trouble: String?)] {
        var results: [(left: [String], trouble: String?)] = []
        var heldBack = HeldBackMails()
        for count in counts {
            let client = try await DocketClient.open(
                disk,
                over: NoNetwork(),
                as: .apiKey("docket_test"),
                clock: EngineClock(ContinuousClock()),
                random: SeededRandom(seed: 1)
            )
            defer { client.close() }
            var limits = RelayLimits()
            limits.contact = count
            limits.incoming = 5
            let trouble = try await client.relay(
                "mail",
                channel: "email",
                limits: limits
            ) { relay in
                let maildir = try Maildir(path)
                let mails = IncomingMails(
                    relay: relay,
                    maildir: maildir,
                    records: try MailRecords(in: maildir.ownFolder),
                    own: try #require(Mailbox(reading: "Desk", "desk@example.net")),
                    limits: MailLimits(),
                    report: BridgeReport(to: OutputWriter(descriptor: -1))
                )
                return try await mails.takeAll(&heldBack)
            }
            results.append((try waiting(), trouble))
        }
        return results
    }

    @Test("Mails of a contact that is full wait in their order, and those of others go on")
    func order() async throws {
        for number in 1...4 { try deliver(number, from: "ana") }
        try deliver(5, from: "bo")
        let looks = try await look(try MemoryDisk(), taking: [2, 2, 3])
        #expect(looks.map(\.left) == [["3.mail", "4.mail"], ["3.mail", "4.mail"], ["4.mail"]])
        #expect(looks.allSatisfy { $0.trouble == nil })
    }

    @Test("Where the relay itself is full, all mails wait")
    func full() async throws {
        for number in 1...7 { try deliver(number, from: "sender\(number)") }
        let looks = try await look(try MemoryDisk(), taking: [2])
        #expect(looks.map(\.left) == [["6.mail", "7.mail"]])
        #expect(looks.map(\.trouble) == ["\(EnqueueError.outboxFull(.messages(5)))"])
    }

    @Test("A mail that waits behind another of its contact is not read again while that waits")
    func unread() {
        let files = ["1.mail", "2.mail", "3.mail"].map(MaildirName.init)
        var mails = HeldBackMails()
        mails.beginLook(at: files)
        var news = [mails.hold(files[0], of: "ana")]
        #expect(mails.isFull("ana") && !mails.isFull("bo"))
        news.append(mails.hold(files[1], of: "ana"))
        mails.beginLook(at: files)
        #expect(!files.contains(where: mails.isHeldBack))
        news.append(mails.hold(files[0], of: "ana"))
        #expect(mails.isHeldBack(files[1]) && !mails.isHeldBack(files[2]))
        mails.beginLook(at: [files[1]])
        mails.beginLook(at: [files[1]])
        news.append(mails.hold(files[1], of: "ana"))
        #expect(news == [true, false, false, true])
    }
}

import DocketTestSupport
import NIOCore
import Testing

@testable import DocketWire

/// A table with aligned columns: a row for every state, a column for every event.
private func table(states: [String], events: [String], cell: (Int, Int) -> String) -> String {
    let head = ["state"] + events
    let rows = states.indices.map { row in
        [states[row]] + events.indices.map { cell(row, $0) }
    }
    let widths = head.indices.map { column in
        ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([head] + rows).map { row in
        zip(row, widths).map { text, width in
            text + String(repeating: " ", count: width - text.count)
        }
        .joined(separator: " | ")
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-")
    return ([lines[0], rule] + lines.dropFirst())
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }
        .joined(separator: "\n") + "\n"
}

/// The tables of one machine, one below the other, each under its title.
private func page(_ tables: [(title: String, text: String)]) -> String {
    tables.map { "\($0.title)\n\n\($0.text)" }.joined(separator: "\n")
}

extension GoAway {
    fileprivate var word: String { "close \(code)" }
}

extension ServerConnectionMachine.OnFrame {
    fileprivate var word: String {
        switch self {
        case .nothing: "-"
        case .decide: "decide"
        case .open(let call): call.ends ? "open, ends" : "open"
        case .message(_, _, let ends): ends ? "message, ends" : "message"
        case .end: "end"
        case .cancel: "cancel"
        case .credit(_, let units): "credit \(units)"
        case .refuseMessage(_, let refusal): "refuse \(refusal)"
        case .flush: "flush"
        case .pong: "pong"
        case .close(let goAway): goAway.word
        }
    }
}

extension ClientConnectionMachine.OnFrame {
    fileprivate var word: String {
        switch self {
        case .nothing: "-"
        case .greeted: "greeted"
        case .message(_, _, let ends): ends ? "message, ends" : "message"
        case .status: "status"
        case .credit(_, let units): "credit \(units)"
        case .refuseMessage(_, let refusal): "refuse \(refusal)"
        case .flush: "flush"
        case .openWaiting: "open waiting"
        case .pong: "pong"
        case .drain: "drain"
        case .ended(let goAway): "ended \(goAway.code)"
        case .close(let goAway): goAway.word
        }
    }
}

extension ServerConnectionMachine.OnTick {
    fileprivate var word: String {
        switch self {
        case .nothing: "-"
        case .close(let goAway): goAway.word
        }
    }
}

extension ClientConnectionMachine.OnTick {
    fileprivate var word: String {
        switch self {
        case .nothing: "-"
        case .ping: "ping"
        case .close(let goAway): goAway.word
        }
    }
}

extension ClientConnectionMachine.OnOpen {
    fileprivate var word: String {
        switch self {
        case .write: "write"
        case .wait: "wait"
        case .refuse: "refuse"
        case .tooLarge: "too large"
        }
    }
}

private func limit(_ granted: UInt32?) -> String { granted.map { "STREAMS \($0)" } ?? "-" }

/// How a machine is brought into a state, and what a column does with it there.
private struct Named<Value> {
    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

private let long = Duration.seconds(91)

@Suite("Transition tables")
struct TransitionTableTests {
    // MARK: Server

    private typealias ServerEvent = (ServerProbe) -> String

    /// The phases of a connection.
    ///
    /// In every one that serves, stream 1 is open.
    private var serverPhases: [Named<() -> ServerProbe>] {
        [
            Named("awaitingHello") { ServerProbe() },
            Named("deciding") {
                let probe = ServerProbe()
                _ = probe.receive(Greeting().frame)
                return probe
            },
            Named("serving, not signed in") { self.serving(signedIn: false) },
            Named("serving, signed in") { self.serving(signedIn: true) },
            Named("draining") {
                let probe = self.serving(signedIn: true)
                _ = probe.machine.drain(at: probe.now, retryAfterMilliseconds: 0)
                return probe
            },
            Named("closed") {
                let probe = self.serving(signedIn: true)
                _ = probe.machine.close(code: .internalError, text: "")
                return probe
            },
        ]
    }

    /// What comes of a frame; while a token is looked up the driver feeds none.
    private func fed(_ probe: ServerProbe, _ frame: Frame) -> String {
        guard case .deciding = probe.machine.phase else { return probe.receive(frame).word }
        return "not fed"
    }

    private func serving(signedIn: Bool) -> ServerProbe {
        let probe = ServerProbe(serving: Limits(), signedIn: signedIn)
        _ = probe.receive(.open(1))
        return probe
    }

    private var serverConnectionEvents: [Named<ServerEvent>] {
        [
            Named("HELLO") { self.fed($0, Greeting().frame) },
            Named("OPEN 2") { self.fed($0, .open(2, .end)) },
            Named("MSG 1") { self.fed($0, .message(1, filled(1))) },
            Named("STATUS 1") { self.fed($0, .status(1)) },
            Named("STREAMS") { self.fed($0, .streams(9)) },
            Named("PING") { self.fed($0, .ping(1)) },
            Named("PONG") { self.fed($0, .pong(1)) },
            Named("GOAWAY") { self.fed($0, .goAway(.drain)) },
            Named("drain") { probe in
                let goAway = probe.machine.drain(at: probe.now, retryAfterMilliseconds: 0)
                return goAway == nil
                    ? "-" : probe.machine.phase == .closed ? "close drain" : "GOAWAY drain"
            },
            Named("long silence") { $0.tick(after: long).word },
        ]
    }

    /// The states of stream 1 at the server.
    private var serverStreams: [Named<(ServerProbe) -> Void>] {
        [
            Named("idle") { _ in },
            Named("open") { _ = $0.receive(.open(1)) },
            Named("open, within a message") { _ = $0.receive(.open(1, message: filled(1), .more)) },
            Named("half closed") { _ = $0.receive(.open(1, .end)) },
            Named("message refused") { _ = $0.receive(.open(1, message: filled(1_025))) },
            Named("open, reply ended") {
                _ = $0.receive(.open(1))
                _ = $0.machine.send(length: 1, on: stream(1), ends: true)
            },
            Named("half closed, reply waits") {
                _ = $0.receive(.open(1, .end))
                $0.machine.enqueue(filled(9_000), on: stream(1), ends: true)
                while $0.machine.nextFrame() != nil {}
            },
            Named("cancelled, handler runs") {
                _ = $0.receive(.open(1))
                _ = $0.receive(.cancel(1))
            },
            Named("over") { _ = $0.complete(1...1) },
        ]
    }

    private var serverStreamEvents: [Named<ServerEvent>] {
        [
            Named("OPEN 1") { $0.receive(.open(1, .end)).word },
            Named("MSG") { $0.receive(.message(1, filled(1))).word },
            Named("MSG MORE") { $0.receive(.message(1, filled(1), .more)).word },
            Named("MSG END") { $0.receive(.message(1, filled(1), .end)).word },
            Named("MSG too large") { $0.receive(.message(1, filled(1_025))).word },
            Named("FIN") { $0.receive(.fin(1)).word },
            Named("CANCEL") { $0.receive(.cancel(1)).word },
            Named("CREDIT") { $0.receive(.credit(1, 9_000)).word },
            Named("send") { "\($0.machine.send(length: 1, on: stream(1), ends: false))" },
            Named("send status") {
                "\($0.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false))"
            },
            Named("handler returns") { probe in
                let granted = limit(probe.machine.handlerFinished(stream(1)))
                return "\(granted), \(probe.machine.streamCount) left"
            },
        ]
    }

    private func serverForStreams() -> ServerProbe {
        var (limits, hello) = (Limits(), Greeting())
        limits.maximumMessage = 1_024
        hello.streamCredit = 4_096
        hello.maximumFrame = 4_096
        return ServerProbe(serving: limits, hello: hello)
    }

    @Test("Every state of the server's machine meets every event as the golden file says")
    func server() throws {
        let (phases, streams) = (serverPhases, serverStreams)
        let (events, streamEvents) = (serverConnectionEvents, serverStreamEvents)
        let connection = table(states: phases.map(\.name), events: events.map(\.name)) {
            events[$1].value(phases[$0].value())
        }
        let calls = table(states: streams.map(\.name), events: streamEvents.map(\.name)) {
            let probe = serverForStreams()
            streams[$0].value(probe)
            return streamEvents[$1].value(probe)
        }
        try GoldenText("server-connection.txt").expect(
            page([
                (
                    "The server's side of a connection, whose stream 1 is open once it serves",
                    connection
                ),
                ("The server's side of stream 1; the longest message is 1,024 bytes", calls),
            ])
        )
    }

    // MARK: Client

    private typealias ClientEvent = (ClientProbe) -> String

    /// The phases of a connection.
    ///
    /// In every one stream 1 is open.
    private var clientPhases: [Named<() -> ClientProbe>] {
        func opened(_ probe: ClientProbe) -> ClientProbe {
            _ = probe.open()
            return probe
        }
        return [
            Named("awaitingHello") { opened(ClientProbe()) },
            Named("open") { opened(ClientProbe(open: Limits())) },
            Named("draining") {
                let probe = opened(ClientProbe(open: Limits()))
                _ = probe.receive(.goAway(.drain))
                return probe
            },
            Named("closed") {
                let probe = opened(ClientProbe(open: Limits()))
                _ = probe.machine.close(code: .internalError, text: "")
                return probe
            },
        ]
    }

    private var clientConnectionEvents: [Named<ClientEvent>] {
        [
            Named("HELLO") { $0.receive(Greeting().frame).word },
            Named("STATUS 1") { $0.receive(.status(1)).word },
            Named("OPEN") { $0.receive(.open(2)).word },
            Named("STREAMS 200") { $0.receive(.streams(200)).word },
            Named("STREAMS 1") { $0.receive(.streams(1)).word },
            Named("PING") { $0.receive(.ping(1)).word },
            Named("PONG") { $0.receive(.pong(1)).word },
            Named("GOAWAY drain") { $0.receive(.goAway(.drain)).word },
            Named("GOAWAY error") { $0.receive(.goAway(.internalError)).word },
            Named("open") { $0.open().word },
            Named("send") { "\($0.machine.send(length: 1, on: stream(1), ends: false))" },
            Named("silence") { $0.tick(after: .seconds(31)).word },
            Named("long silence") { $0.tick(after: long).word },
        ]
    }

    /// The states of stream 1 at the client.
    private var clientStreams: [Named<(ClientProbe) -> Void>] {
        [
            Named("idle") { _ in },
            Named("open") { _ = $0.open() },
            Named("open, within a reply") {
                _ = $0.open()
                _ = $0.receive(.message(1, filled(1), .more))
            },
            Named("half closed") { _ = $0.open(ends: true) },
            Named("message waits") {
                _ = $0.open()
                $0.machine.enqueue(filled(20_000), on: stream(1), ends: false)
                while $0.machine.nextFrame() != nil {}
            },
            Named("end waits") {
                _ = $0.open()
                $0.machine.enqueue(filled(20_000), on: stream(1), ends: true)
                while $0.machine.nextFrame() != nil {}
            },
            Named("over") {
                _ = $0.open()
                _ = $0.receive(.status(1))
            },
        ]
    }

    private var clientStreamEvents: [Named<ClientEvent>] {
        [
            Named("MSG") { $0.receive(.message(1, filled(1))).word },
            Named("MSG MORE") { $0.receive(.message(1, filled(1), .more)).word },
            Named("MSG END") { $0.receive(.message(1, filled(1), .end)).word },
            Named("MSG too large") { $0.receive(.message(1, filled(1_025))).word },
            Named("STATUS") { $0.receive(.status(1)).word },
            Named("CANCEL") { $0.receive(.cancel(1)).word },
            Named("FIN") { $0.receive(.fin(1)).word },
            Named("CREDIT") { $0.receive(.credit(1, 20_000)).word },
            Named("send") { "\($0.machine.send(length: 1, on: stream(1), ends: false))" },
            Named("end") { "\($0.machine.end(stream(1)))" },
            Named("cancel") { $0.machine.cancel(stream(1)) ? "CANCEL" : "-" },
        ]
    }

    private func clientForStreams() -> ClientProbe {
        var (limits, hello) = (Limits(), Greeting())
        limits.maximumMessage = 1_024
        hello.streamCredit = 4_096
        return ClientProbe(open: limits, hello: hello)
    }

    @Test("Every state of the client's machine meets every event as the golden file says")
    func client() throws {
        let (phases, streams) = (clientPhases, clientStreams)
        let (events, streamEvents) = (clientConnectionEvents, clientStreamEvents)
        let connection = table(states: phases.map(\.name), events: events.map(\.name)) {
            events[$1].value(phases[$0].value())
        }
        let calls = table(states: streams.map(\.name), events: streamEvents.map(\.name)) {
            let probe = clientForStreams()
            streams[$0].value(probe)
            return streamEvents[$1].value(probe)
        }
        try GoldenText("client-connection.txt").expect(
            page([
                ("The client's side of a connection, whose stream 1 is open", connection),
                ("The client's side of stream 1; the longest message is 1,024 bytes", calls),
            ])
        )
    }
}

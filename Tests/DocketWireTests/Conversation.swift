import DocketTestSupport
import NIOCore

@testable import DocketWire

/// A client's machine and a server's machine back to back: their bytes cross in memory, cut at
/// random, and everything that a program above them could do happens in random order.
///
/// The order follows from the seed. The machines judge each other: one that sends without credit,
/// above the stream limit or out of order is told so by the other, which ends the connection.
final class Conversation {
    /// What a caller was told.
    enum Outcome: Equatable {
        case reply
        case status
        case refused
        case cancelled
        case lost
    }

    /// How hard the machines are driven.
    struct Workload {
        var calls = 30
        var longestMessage = 1_000
        var messagesPerSide = 4
        var cancelOneIn = 10
        var client = Limits()
        var server = Limits()
        var corruptions = 0
    }

    /// What is left to say on one side of a call.
    private struct Speech {
        var messages: [ByteBuffer]
        var endsWithMessage: Bool
        var isOver = false
    }

    private var random: SeededRandom
    private let workload: Workload
    private let client: ClientProbe
    private let server: ServerProbe
    private var toServer = ByteBuffer()
    private var toClient = ByteBuffer()
    private var serverDecoder: FrameDecoder
    private var clientDecoder: FrameDecoder
    private var callers: [StreamID: Speech] = [:]
    private var handlers: [StreamID: Speech] = [:]
    private var clientUnconsumed: [(StreamID, Int)] = []
    private var serverUnconsumed: [(StreamID, Int)] = []
    private var corruptions: Int
    private var time: ContinuousClock.Instant

    private(set) var opened = 0
    private(set) var outcomes: [StreamID: [Outcome]] = [:]
    /// What went wrong, each in a sentence.
    private(set) var faults: [String] = []
    private(set) var clientEnd: GoAway?
    private(set) var serverEnd: GoAway?

    init(_ workload: Workload, random: SeededRandom) {
        self.workload = workload
        self.random = random
        client = ClientProbe(workload.client)
        server = ServerProbe(workload.server)
        serverDecoder = FrameDecoder(maximumPayload: workload.server.maximumFrame)
        clientDecoder = FrameDecoder(maximumPayload: workload.client.maximumFrame)
        corruptions = workload.corruptions
        time = server.now
        toServer.writeFrame(Greeting(limits: workload.client, software: "client").frame)
        toClient.writeFrame(Greeting(limits: workload.server, software: "server").frame)
    }

    /// How each side stands, for the comment of an expectation.
    var ends: String {
        "client \(client.machine.phase) \(clientEnd?.text ?? ""), "
            + "server \(server.machine.phase) \(serverEnd?.text ?? ""), "
            + "keepalive \(client.machine.keepalive)"
    }

    /// How many streams the two sides still know.
    var streamsLeft: Int { client.machine.streamCount + server.machine.streamCount }

    /// Whether every call was answered and nothing is under way.
    var isIdle: Bool {
        opened == workload.calls && streamsLeft == 0 && toServer.readableBytes == 0
            && toClient.readableBytes == 0
    }

    /// Takes up to so many random steps, until everything is done or the connection has ended.
    func run(steps: Int) {
        for _ in 0..<steps where !isIdle && faults.isEmpty {
            if clientEnd != nil, serverEnd != nil { return }
            step()
        }
    }

    /// Lets time pass in steps of a second with nothing delivered; gives how many it took until
    /// both sides had ended, or nil when they had not after so many.
    func waitForEnd(atMost seconds: Int) -> Int? {
        for second in 0...seconds {
            if clientEnd != nil, serverEnd != nil { return second }
            time += .seconds(1)
            if case .close(let goAway) = client.machine.tick(at: time) { clientEnd = goAway }
            if case .close(let goAway) = server.machine.tick(at: time) { serverEnd = goAway }
        }
        return nil
    }

    private func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    private func step() {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: openCall()
        case 1: speakAsCaller()
        case 2: speakAsHandler()
        case 3, 4: deliverToServer()
        case 5, 6: deliverToClient()
        case 7: consume()
        case 8: changeWritability()
        default: cancelSomething()
        }
        if corruptions > 0, oneIn(50) { corrupt() }
        flush()
    }

    // MARK: The caller

    private func openCall() {
        guard opened < workload.calls, clientEnd == nil else { return }
        let speech = Speech(
            messages: messages(atLeast: 0, for: UInt8(truncatingIfNeeded: opened + 1)),
            endsWithMessage: Bool.random(using: &random)
        )
        let head = CallHead(method: 7).bytes
        let first = speech.messages.first
        let ends =
            first == nil
            ? !speech.endsWithMessage : speech.messages.count == 1 && speech.endsWithMessage
        let answer = client.machine.open(
            headLength: head.readableBytes,
            messageLength: first?.readableBytes,
            ends: ends
        )
        guard case .write(let id, let withMessage) = answer else { return }
        opened += 1
        outcomes[id] = []
        let endsNow = ends && (withMessage || first == nil)
        toServer.writeFrame(
            .open(
                id.rawValue,
                message: withMessage ? first : nil,
                endsNow ? .end : [],
                head: head
            )
        )
        var rest = speech
        if withMessage { rest.messages.removeFirst() }
        rest.isOver = endsNow
        callers[id] = rest
    }

    /// Random messages whose bytes all say whose they are.
    private func messages(atLeast least: Int, for byte: UInt8) -> [ByteBuffer] {
        (0..<Int.random(in: least...workload.messagesPerSide, using: &random)).map { _ in
            let longest = oneIn(4) ? workload.longestMessage : min(200, workload.longestMessage)
            return filled(Int.random(in: 0...longest, using: &random), with: byte)
        }
    }

    private func speakAsCaller() {
        guard let id = someStream(of: callers), var speech = callers[id], !speech.isOver else {
            return
        }
        guard let message = speech.messages.first else {
            if client.machine.end(id) == .write { toServer.writeFrame(.fin(id.rawValue)) }
            callers[id]?.isOver = true
            return
        }
        speech.messages.removeFirst()
        let ends = speech.messages.isEmpty && speech.endsWithMessage
        switch client.machine.send(length: message.readableBytes, on: id, ends: ends) {
        case .write: toServer.writeFrame(.message(id.rawValue, message, ends ? .end : []))
        case .enqueue: client.machine.enqueue(message, on: id, ends: ends)
        case .drop: break
        case .tooLarge: faults.append("a message within the limit was called too large")
        }
        speech.isOver = ends
        callers[id] = speech
    }

    private func someStream(of speeches: [StreamID: Speech]) -> StreamID? {
        speeches.keys.sorted().randomElement(using: &random)
    }

    private func finish(_ id: StreamID, _ outcome: Outcome) {
        if outcomes[id] != [] { faults.append("call \(id) was answered twice or never opened") }
        outcomes[id, default: []].append(outcome)
        callers[id] = nil
        clientUnconsumed.removeAll { $0.0 == id }
    }

    private func cancelSomething() {
        guard oneIn(workload.cancelOneIn), clientEnd == nil, let id = someStream(of: callers) else {
            return
        }
        if client.machine.cancel(id) { toServer.writeFrame(.cancel(id.rawValue)) }
        finish(id, .cancelled)
    }

    // MARK: The handler

    private func speakAsHandler() {
        guard serverEnd == nil, let id = someStream(of: handlers), var speech = handlers[id] else {
            return
        }
        if speech.isOver {
            handlers[id] = nil
            if let limit = server.machine.handlerFinished(id) {
                toClient.writeFrame(.streams(limit))
            }
            return
        }
        guard let message = speech.messages.first else {
            if server.machine.sendStatus(
                ByteBuffer(),
                on: id,
                isSuccess: Bool.random(using: &random)
            ) == .write {
                toClient.writeFrame(.status(id.rawValue))
            }
            handlers[id]?.isOver = true
            return
        }
        speech.messages.removeFirst()
        let ends = speech.messages.isEmpty && speech.endsWithMessage
        switch server.machine.send(length: message.readableBytes, on: id, ends: ends) {
        case .write: toClient.writeFrame(.message(id.rawValue, message, ends ? .end : []))
        case .enqueue: server.machine.enqueue(message, on: id, ends: ends)
        case .drop: break
        case .tooLarge:
            if message.readableBytes <= workload.client.maximumMessage {
                faults.append("a reply within the limit was called too large")
            }
            return refuse(id)
        case .noRoom: return refuse(id)
        }
        speech.isOver = ends
        handlers[id] = speech
    }

    private func refuse(_ id: StreamID) {
        if server.machine.sendStatus(ByteBuffer(), on: id, isSuccess: false) == .write {
            toClient.writeFrame(.status(id.rawValue))
        }
        handlers[id]?.isOver = true
    }

    // MARK: Bytes across

    private func deliverToServer() {
        guard serverEnd == nil, let piece = take(from: &toServer) else { return }
        serverDecoder.append(piece)
        do throws(ProtocolViolation) {
            while serverEnd == nil, let frame = try serverDecoder.next() {
                serverTakes(server.machine.received(frame, at: time))
            }
        } catch {
            serverEnd = server.machine.fail(error)
        }
        server.machine.receivedBytes(at: time, serverDecoder.settle())
    }

    private func deliverToClient() {
        guard clientEnd == nil, let piece = take(from: &toClient) else { return }
        clientDecoder.append(piece)
        do throws(ProtocolViolation) {
            while clientEnd == nil, let frame = try clientDecoder.next() {
                clientTakes(client.machine.received(frame, at: time))
            }
        } catch {
            clientEnd = client.machine.fail(error)
        }
        client.machine.receivedBytes(at: time, clientDecoder.settle())
    }

    private func take(from pipe: inout ByteBuffer) -> ByteBuffer? {
        guard pipe.readableBytes > 0 else { return nil }
        let longest = oneIn(3) ? 20 : 40_000
        let length = Int.random(in: 1...min(longest, pipe.readableBytes), using: &random)
        let piece = pipe.readBytes(length: length).map { ByteBuffer(bytes: $0) }
        if pipe.readableBytes == 0 { pipe.clear() }
        return piece
    }

    private func serverTakes(_ action: ServerConnectionMachine.OnFrame) {
        switch action {
        case .nothing, .flush, .end: break
        case .decide:
            if let limit = server.machine.decided(signedIn: true) {
                toClient.writeFrame(.streams(limit))
            }
        case .open(let call): start(call)
        case .message(let id, let message, _): serverTakes(message, on: id)
        case .cancel(let id): handlers[id]?.isOver = true
        case .credit(let id, let units): toClient.writeFrame(.credit(id.rawValue, units))
        case .refuseMessage(let id, _): refuse(id)
        case .pong(let echo): toClient.writeFrame(.pong(echo))
        case .close(let goAway): serverEnd = goAway
        }
    }

    private func start(_ call: ServerConnectionMachine.OpenedCall) {
        handlers[call.stream] = Speech(
            messages: messages(atLeast: 0, for: UInt8(truncatingIfNeeded: call.stream.rawValue)),
            endsWithMessage: Bool.random(using: &random)
        )
        if let units = call.credit { toClient.writeFrame(.credit(call.stream.rawValue, units)) }
        switch call.body {
        case .absent, .unfinished: break
        case .whole(let message): serverTakes(message, on: call.stream)
        case .refused: refuse(call.stream)
        }
    }

    private func serverTakes(_ message: InboundMessage, on id: StreamID) {
        serverUnconsumed.append((id, message.cost))
        check(message, on: id)
    }

    private func check(_ message: InboundMessage, on id: StreamID) {
        guard workload.corruptions == 0 else { return }
        let byte = UInt8(truncatingIfNeeded: id.rawValue)
        guard message.bytes == filled(message.bytes.readableBytes, with: byte) else {
            faults.append("a message on \(id) is not what was sent")
            return
        }
    }

    private func clientTakes(_ action: ClientConnectionMachine.OnFrame) {
        switch action {
        case .nothing, .greeted, .flush, .openWaiting, .drain: break
        case .message(let id, let message, let ends):
            check(message, on: id)
            clientUnconsumed.append((id, message.cost))
            if ends { finish(id, .reply) }
        case .status(let id, _): finish(id, .status)
        case .credit(let id, let units): toServer.writeFrame(.credit(id.rawValue, units))
        case .refuseMessage(let id, _):
            toServer.writeFrame(.cancel(id.rawValue))
            finish(id, .refused)
        case .pong(let echo): toServer.writeFrame(.pong(echo))
        case .ended(let goAway), .close(let goAway): clientEnd = goAway
        }
    }

    // MARK: Everything else

    private func consume() {
        if let index = clientUnconsumed.indices.randomElement(using: &random) {
            let (id, cost) = clientUnconsumed.remove(at: index)
            if let units = client.machine.consumed(cost: cost, on: id) {
                toServer.writeFrame(.credit(id.rawValue, units))
            }
        }
        if let index = serverUnconsumed.indices.randomElement(using: &random) {
            let (id, cost) = serverUnconsumed.remove(at: index)
            if let units = server.machine.consumed(cost: cost, on: id) {
                toClient.writeFrame(.credit(id.rawValue, units))
            }
        }
    }

    private func changeWritability() {
        client.machine.setWritable(!oneIn(3))
        server.machine.setWritable(!oneIn(3))
    }

    private func flush() {
        while let frame = client.machine.nextFrame() {
            toServer.writeFrame(
                Frame(frame.kind, flags: frame.flags, stream: frame.stream, payload: frame.payload)
            )
        }
        while let frame = server.machine.nextFrame() {
            toClient.writeFrame(
                Frame(frame.kind, flags: frame.flags, stream: frame.stream, payload: frame.payload)
            )
        }
        if let limit = server.machine.streamsToGrant() { toClient.writeFrame(.streams(limit)) }
    }

    private func corrupt() {
        let intoServer = Bool.random(using: &random)
        let pipe = intoServer ? toServer : toClient
        guard pipe.readableBytes > 0 else { return }
        let index =
            pipe.readerIndex + Int.random(in: 0..<min(64, pipe.readableBytes), using: &random)
        let byte = UInt8.random(in: .min ... .max, using: &random)
        if intoServer {
            toServer.setInteger(byte, at: index)
        } else {
            toClient.setInteger(byte, at: index)
        }
        corruptions -= 1
    }
}

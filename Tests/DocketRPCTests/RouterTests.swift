import DocketRPC
import DocketTestSupport
import Synchronization
import Testing

@Suite("A router")
struct RouterTests {
    private static func method(_ name: String) -> Method {
        Method(name, .unary, callers: Callers(.anyone), defaultTimeout: nil)
    }

    private static func add(_ name: String, to router: inout Router) {
        router.unary(method(name)) { (_: Docket_Test_Empty, _) async throws(RPCError) in
            Docket_Test_Empty()
        }
    }

    @Test("refuses a second method of the same name")
    func twice() async {
        await #expect(processExitsWith: .failure) {
            var router = Router()
            RouterTests.add("test.A/One", to: &router)
            RouterTests.add("test.A/One", to: &router)
        }
    }

    @Test("refuses a method whose hash another has")
    func collision() async {
        #expect(Method.hash(of: "test.S/UaZs") == Method.hash(of: "test.S/mGnA"))
        await #expect(processExitsWith: .failure) {
            var router = Router()
            RouterTests.add("test.S/UaZs", to: &router)
            RouterTests.add("test.S/mGnA", to: &router)
        }
    }

    @Test("has a catalog that depends on the names and not on their order")
    func catalog() {
        var router = Router()
        Self.add("test.B/Two", to: &router)
        Self.add("test.A/One", to: &router)
        #expect(router.catalog == [0x2c, 0x86, 0x49, 0xb4, 0x3f, 0xab, 0x55, 0xd0])
        #expect(router.table.map(\.name) == ["test.A/One", "test.B/Two"])
        Self.add("test.C/Three", to: &router)
        #expect(router.catalog != [0x2c, 0x86, 0x49, 0xb4, 0x3f, 0xab, 0x55, 0xd0])
    }

    @Test("lets every call pass its interceptors in order and tells all of them its end, once")
    func interceptors() async throws {
        let journal = Journal()
        var router = Router(interceptors: [
            Recorder(name: "first", journal: journal), Recorder(name: "second", journal: journal),
        ])
        InteropServer().register(in: &router)
        let caller = InteropCaller(channel: InProcessTransport(router: router))
        _ = try await caller.emptyCall(Docket_Test_Empty())
        #expect(
            journal.lines == [
                "first begin EmptyCall", "second begin EmptyCall", "first end EmptyCall ok",
                "second end EmptyCall ok",
            ]
        )
    }

    @Test("starts no handler when an interceptor throws, and tells all of them the end")
    func refusal() async {
        let journal = Journal()
        var router = Router(interceptors: [
            Recorder(name: "first", journal: journal, refusal: RPCError(.overloaded)),
            Recorder(name: "second", journal: journal),
        ])
        let server = InteropServer()
        server.register(in: &router)
        let caller = InteropCaller(channel: InProcessTransport(router: router))
        await #expect(throws: RPCError(.overloaded, isNotProcessed: true)) {
            try await caller.sleep(Docket_Test_Empty())
        }
        #expect(server.observer.sightings.begun == 0)
        #expect(
            journal.lines == [
                "first begin Sleep", "first end Sleep overloaded", "second end Sleep overloaded",
            ]
        )
    }

    @Test("tells its interceptors nothing of a method that it does not have")
    func unknown() async {
        let journal = Journal()
        let router = Router(interceptors: [Recorder(name: "only", journal: journal)])
        let caller = InteropCaller(channel: InProcessTransport(router: router))
        await #expect(throws: RPCError.self) { try await caller.emptyCall(Docket_Test_Empty()) }
        #expect(journal.lines == [])
    }
}

/// What interceptors were told.
private final class Journal: Sendable {
    private let entries = Mutex<[String]>([])

    var lines: [String] { entries.withLock { $0 } }

    func write(_ line: String) {
        entries.withLock { $0.append(line) }
    }
}

private final class Recorder: Interceptor, CallObserver {
    let name: String
    let journal: Journal
    let refusal: RPCError?

    init(name: String, journal: Journal, refusal: RPCError? = nil) {
        self.name = name
        self.journal = journal
        self.refusal = refusal
    }

    func observer(of method: Method) -> (any CallObserver)? { self }

    func begin(_ call: CallContext) throws(RPCError) {
        journal.write("\(name) begin \(call.method.name.split(separator: "/")[1])")
        if let refusal { throw refusal }
    }

    func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        let outcome = error?.reason.rawValue ?? "ok"
        journal.write("\(name) end \(call.method.name.split(separator: "/")[1]) \(outcome)")
    }
}

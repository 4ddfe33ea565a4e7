import DocketCalls
import DocketRPC
import Testing

@Suite("A method")
struct MethodTests {
    /// From the authors' own list of test vectors (isthe.com/chongo/tech/comp/fnv).
    @Test(
        "has the 32-bit FNV-1a hash of its name",
        arguments: [
            ("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968),
            ("chongo was here!\n", 0xd499_30d5), ("docket.v1.Health/Check", 0xbcfb_566d),
        ] as [(String, UInt32)]
    )
    func hash(name: String, hash: UInt32) {
        #expect(Method.hash(of: name) == hash)
    }

    @Test("is named for people without its package")
    func shortName() {
        #expect(HealthMethods.check.shortName == "Health/Check")
    }

    @Test("allows exactly the callers that it names, and nobody else")
    func callers() {
        let callers = Callers(.contact, .partner)
        for caller in Caller.allCases {
            #expect(callers.allow(caller) == (caller == .contact || caller == .partner))
        }
        #expect(!callers.allow(nil))
    }

    @Test("that anybody may call is open to every caller and to nobody")
    func anyone() {
        #expect(Callers(.anyone).allow(nil))
        for caller in Caller.allCases { #expect(Callers(.anyone).allow(caller)) }
    }

    @Test("of the protocol has a hash of its own")
    func hashes() {
        #expect(Set(MethodTable.all.map(\.hash)).count == MethodTable.all.count)
    }

    @Test("with one message each way has a deadline, and a stream has none")
    func defaultTimeouts() {
        for method in MethodTable.all {
            #expect((method.defaultTimeout == nil) == (method.shape != .unary))
        }
    }
}

import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("Resumption")
struct ResumptionTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test("The second connection resumes the first one's session", arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) throws {
        let client = try fixture.client {
            $0.minimumVersion = version
            $0.maximumVersion = version
        }
        let server = try fixture.server { $0.minimumVersion = version }
        #expect(try resumes(client, server) == false)
        for _ in 0..<3 {
            #expect(try resumes(client, server) == true)
        }
    }

    @Test("A resumed session still knows the names of the server and the application protocol")
    func facts() throws {
        let client = try fixture.client()
        let server = try fixture.server()
        let first = try fixture.pair(client: client, server: server).client.session.peer
        let second = try fixture.pair(client: client, server: server).client.session.peer
        #expect(second?.isResumed == true && second?.names == first?.names)
        #expect(second?.applicationProtocol == "docket/1")
    }

    @Test("Nothing is resumed where either side has turned it off")
    func turnedOff() throws {
        let without = try fixture.client { $0.ticketLimit = 0 }
        let server = try fixture.server()
        let client = try fixture.client()
        let closedServer = try fixture.server(ring: nil)
        for _ in 0..<2 {
            #expect(try resumes(without, server) == false)
            #expect(try resumes(client, closedServer) == false)
        }
    }

    @Test("A ticket is for the name that it was received under")
    func names() throws {
        let client = try fixture.client()
        let server = try fixture.server()
        #expect(try resumes(client, server, name: "desk.example") == false)
        #expect(try resumes(client, server, name: "127.0.0.1") == false)
        #expect(try resumes(client, server, name: "127.0.0.1") == true)
        #expect(try resumes(client, server, name: "desk.example") == true)
    }

    @Test("Contexts that share a ring honour each other's tickets, and others do not")
    func sharing() throws {
        let client = try fixture.client()
        let ring = TLSFixture.makeRing()
        let restarted = try TicketKeyRing(importing: ring.export())
        #expect(try resumes(client, fixture.server(ring: ring)) == false)
        #expect(try resumes(client, fixture.server(ring: ring)) == true)
        #expect(try resumes(client, fixture.server(ring: restarted)) == true)
        #expect(try resumes(client, fixture.server()) == false)
    }

    @Test("A ticket outlives one rotation and is renewed by it, and not two")
    func rotation() throws {
        var random = SeededRandom()
        let ring = TLSFixture.makeRing()
        let server = try fixture.server(ring: ring)
        let returning = try fixture.client()
        let absent = try fixture.client()
        #expect(try resumes(returning, server) == false)
        #expect(try resumes(absent, server) == false)
        for number in 1...4 {
            let later = TestCertificates.now + TicketKeyRing.period * number
            #expect(ring.rotateIfDue(at: later, using: &random))
            #expect(try resumes(returning, server) == true)
        }
        #expect(try resumes(absent, server) == false)
        #expect(try resumes(absent, server) == true)
    }

    @Test("A connection that was lost or dropped leaves its ticket good")
    func lostConnections() throws {
        let client = try fixture.client()
        let server = try fixture.server()
        _ = try fixture.pair(client: client, server: server).client.session.receivedEndOfInput()
        #expect(try resumes(client, server) == true)
        let closed = try fixture.pair(client: client, server: server)
        closed.client.session.close()
        closed.exchange()
        #expect(try resumes(client, server) == true)
    }

    @Test("A connection that was tampered with is not resumed")
    func tampering() throws {
        let client = try fixture.client()
        let server = try fixture.server()
        let pair = try fixture.pair(client: client, server: server)
        pair.client.receive([23, 3, 3, 0, 20] + [UInt8](repeating: 9, count: 20))
        #expect(pair.client.error?.kind == .protocolViolation)
        #expect(try resumes(client, server) == false)
    }

    @Test("A ticket does not carry a client past a rule it was not issued under")
    func rules() throws {
        let ring = TLSFixture.makeRing()
        let open = try fixture.server(ring: ring)
        let authorities = fixture.certificates.authority.certificate
        let strict = try fixture.server(ring: ring) {
            $0.clientCertificates = .required(authorities: authorities)
        }
        let client = try fixture.client()
        #expect(try resumes(client, open) == false)
        let pair = try fixture.pair(client: client, server: strict)
        #expect(pair.server.error?.kind == .certificateRequired)
    }

    @Test("A resumed client keeps its names until its certificate expires")
    func clientCertificates() throws {
        let ring = TLSFixture.makeRing()
        let validity = TestCertificates.past...TestCertificates.now
        let issued = try fixture.certificates.client(validity: validity)
        var configuration = TLSClientConfiguration(
            trust: .certificates(fixture.certificates.authority.certificate)
        )
        configuration.identity = TLSIdentity(issued)
        let client = try TLSClientContext(configuration, at: TestCertificates.past)
        func server(at moment: UnixTime) throws -> TLSServerContext {
            try fixture.server(ring: ring) {
                $0.clientCertificates = .required(
                    authorities: fixture.certificates.authority.certificate
                )
                $0.verificationTime = moment
            }
        }
        let before = TestCertificates.now + .seconds(-1)
        #expect(try resumes(client, server(at: before)) == false)
        let resumed = try fixture.pair(client: client, server: server(at: before))
        #expect(resumed.server.session.peer?.isResumed == true)
        #expect(resumed.server.session.peer?.names == [.uri("urn:docket:partner:acme")])
        let late = try fixture.pair(client: client, server: server(at: TestCertificates.now))
        #expect(late.server.error?.kind == .certificateInvalid(.expired))
        #expect(late.server.completedHandshakes == 0)
    }

    @Test("Tickets allow no early data")
    func earlyData() throws {
        let client = try fixture.client()
        _ = try fixture.pair(client: client)
        let ticket = client.tickets.ticket(for: try TLSServerName("desk.example"))
        let kept = try #require(ticket)
        #expect(SSL_SESSION_get_max_early_data(kept.pointer) == 0)
    }

    @Test("Each handshake brings one ticket")
    func oneTicket() throws {
        let client = try fixture.client()
        let server = try fixture.server()
        for _ in 0..<2 {
            let pair = try fixture.pair(client: client, server: server)
            #expect(SSL_get_num_tickets(pair.server.session.ssl) == 1)
        }
    }

    @Test("The cache keeps the newest ticket of the servers met last")
    func cache() throws {
        let cache = TLSTicketCache(limit: 2)
        let names = try (0..<3).map { try TLSServerName("desk\($0).example") }
        let tickets = try (0..<4).map { _ in TLSTicket(owning: try #require(SSL_SESSION_new())) }
        cache.keep(tickets[0], for: names[0])
        cache.keep(tickets[1], for: names[1])
        cache.keep(tickets[3], for: names[0])
        cache.keep(tickets[2], for: names[2])
        #expect(cache.ticket(for: names[0]) === tickets[3])
        #expect(cache.ticket(for: names[1]) == nil)
        #expect(cache.ticket(for: names[2]) === tickets[2])
        cache.forget(names[0])
        cache.forget(names[1])
        #expect(cache.ticket(for: names[0]) == nil)
        #expect(cache.ticket(for: names[2]) === tickets[2])
    }

    /// Whether a new connection is a resumed one; nil if there is none.
    private func resumes(
        _ client: TLSClientContext,
        _ server: TLSServerContext,
        name: String = "desk.example"
    ) throws -> Bool? {
        let pair = try fixture.pair(client: client, server: server, name: name)
        let peers = (pair.client.session.peer?.isResumed, pair.server.session.peer?.isResumed)
        #expect(peers.0 == peers.1)
        return peers.0
    }
}

import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("A TLS handshake")
struct HandshakeTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test("A client and a server agree on TLS 1.3 and docket/1")
    func agreement() throws {
        let pair = try fixture.pair()
        #expect(pair.client.session.state == .established)
        #expect(pair.server.session.state == .established)
        let expected = TLSPeer(
            version: .tls13,
            applicationProtocol: "docket/1",
            isResumed: false,
            names: []
        )
        #expect(pair.server.session.peer == expected)
        #expect(pair.client.session.peer?.names.first == .dns("desk.example"))
        #expect(pair.client.completedHandshakes == 1)
        #expect(pair.server.completedHandshakes == 1)
    }

    @Test("AES-128-GCM and X25519 are what two of us settle on")
    func algorithms() throws {
        let pair = try fixture.pair()
        let suite = SSL_get_current_cipher(pair.server.session.ssl)
        #expect(String(cString: SSL_CIPHER_get_name(suite)) == "TLS_AES_128_GCM_SHA256")
        let group = SSL_ctrl(
            pair.server.session.ssl,
            SSL_CTRL_GET_NEGOTIATED_GROUP,
            0,
            nil
        )
        #expect(group == Int(NID_X25519))
    }

    @Test("Nothing is known about a peer, and nothing can be written, before the handshake")
    func early() throws {
        let server = TLSEnd(try TLSSession(server: try fixture.server()))
        #expect(server.session.peer == nil)
        #expect(throws: TLSError(.notWritable)) { try server.write([1]) }
        #expect(server.session.pendingCiphertextCount == 0)
    }

    @Test("The names of a server reach it, addresses do not")
    func serverName() throws {
        for (name, sent) in [("Desk.Example.", "desk.example"), ("127.0.0.1", nil), ("::1", nil)] {
            let pair = try fixture.pair(name: name)
            #expect(pair.server.session.state == .established)
            let indicated = SSL_get_servername(
                pair.server.session.ssl,
                TLSEXT_NAMETYPE_host_name
            )
            #expect(indicated.map { String(cString: $0) } == sent)
        }
    }

    // MARK: Application protocols

    @Test("A client with other application protocols is refused with an alert")
    func otherProtocol() throws {
        let client = try fixture.client { $0.applicationProtocols = ["docket/2", "http/1.1"] }
        let pair = try fixture.pair(client: client)
        #expect(pair.server.error?.kind == .noApplicationProtocol)
        #expect(pair.client.error?.kind == .peerAlert(code: 120))
    }

    @Test("A client without application protocols is refused with an alert")
    func absentProtocol() throws {
        let client = try fixture.client()
        SSL_CTX_set_alpn_protos(client.context.pointer, nil, 0)
        let pair = try fixture.pair(client: client)
        #expect(pair.server.error?.kind == .noApplicationProtocol)
        #expect(pair.client.error?.kind == .peerAlert(code: 120))
    }

    @Test("A server that chooses no application protocol is refused")
    func ignoredProtocol() throws {
        let server = try fixture.server()
        SSL_CTX_set_alpn_select_cb(server.context.pointer, nil, nil)
        let pair = try fixture.pair(server: server)
        #expect(pair.client.error?.kind == .noApplicationProtocol)
    }

    @Test("The server's order decides between several application protocols")
    func severalProtocols() throws {
        let server = try fixture.server { $0.applicationProtocols = ["docket/1", "h2"] }
        for (offer, chosen) in [(["h2", "docket/1"], "docket/1"), (["h2"], "h2")] {
            let client = try fixture.client { $0.applicationProtocols = offer }
            let pair = try fixture.pair(client: client, server: server)
            #expect(pair.client.session.peer?.applicationProtocol == chosen)
        }
    }

    // MARK: Versions

    @Test("A client that speaks only TLS 1.2 is refused by default")
    func olderRefused() throws {
        let pair = try fixture.pair(client: try olderClient())
        #expect(pair.server.error?.kind == .unsupportedVersion)
        #expect(pair.client.error?.kind == .peerAlert(code: 70))
    }

    @Test("A client that speaks only TLS 1.2 is accepted by configuration")
    func olderAccepted() throws {
        let server = try fixture.server { $0.minimumVersion = .tls12 }
        let pair = try fixture.pair(client: try olderClient(), server: server)
        #expect(pair.server.session.peer?.version == .tls12)
        let suite = SSL_get_current_cipher(pair.server.session.ssl)
        let name = String(cString: SSL_CIPHER_get_name(suite))
        #expect(name.hasPrefix("ECDHE-") && name.contains("GCM"))
    }

    @Test("TLS 1.1 is refused even where TLS 1.2 is accepted")
    func ancientRefused() throws {
        let server = try fixture.server { $0.minimumVersion = .tls12 }
        let client = try fixture.client { $0.minimumVersion = .tls12 }
        let context = client.context.pointer
        SSL_CTX_set_security_level(context, 0)
        #expect(SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1)
        #expect(docket_tls_context_set_versions(context, TLS1_1_VERSION, TLS1_1_VERSION) == 1)
        let pair = try fixture.pair(client: client, server: server)
        #expect(pair.server.error?.kind == .unsupportedVersion)
    }

    @Test("A server that speaks only TLS 1.2 is refused by a client")
    func olderServer() throws {
        let server = try fixture.server { $0.minimumVersion = .tls12 }
        let context = server.context.pointer
        #expect(docket_tls_context_set_versions(context, TLS1_2_VERSION, TLS1_2_VERSION) == 1)
        let pair = try fixture.pair(server: server)
        #expect(pair.server.error?.kind == .unsupportedVersion)
        #expect(pair.client.error?.kind == .peerAlert(code: 70))
    }

    @Test("A client cannot make a TLS 1.2 server renegotiate")
    func renegotiation() throws {
        let server = try fixture.server { $0.minimumVersion = .tls12 }
        let client = try olderClient()
        SSL_CTX_clear_options(client.context.pointer, 1 << 30)
        let pair = try fixture.pair(client: client, server: server)
        SSL_renegotiate(pair.client.session.ssl)
        SSL_do_handshake(pair.client.session.ssl)
        pair.exchange()
        // Our refusal is a mere warning, upon which OpenSSL's client gives up.
        #expect(pair.server.error?.kind == .peerAlert(code: 40))
        #expect(pair.server.completedHandshakes == 1)
    }

    // MARK: Peers that do not speak TLS

    @Test(
        "A peer that does not speak TLS is told apart",
        arguments: [
            "GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n", "CONNECT desk:443 HTTP/1.1\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\u{10}\0\0\0\0 hello hello",
        ]
    )
    func foreignSpeech(text: String) throws {
        for pieces in [[Array(text.utf8)], bytewise(Array(text.utf8))] {
            let server = TLSEnd(try TLSSession(server: try fixture.server()))
            pieces.forEach(server.receive)
            #expect(server.error?.kind == .notTLS)
        }
    }

    @Test("64 KiB of anything instead of a ClientHello end in an error", .timeLimit(.minutes(5)))
    func garbage() throws {
        var random = SeededRandom()
        let context = try fixture.server()
        for round in 0..<50 {
            var bytes = random.bytes(count: 64 * 1024)
            if round % 2 == 0 {
                // The beginning of a handshake record, so that the parser goes on.
                bytes.replaceSubrange(0..<6, with: [22, 3, 1, 0x3F, 0xFF, 1])
            }
            let server = TLSEnd(try TLSSession(server: context))
            server.receive(bytes)
            #expect(server.error != nil, "\(random.replay)")
            #expect(server.session.heldCiphertextCount <= TLSSession.heldCiphertextLimit)
        }
    }

    @Test("A handshake message longer than the library's limit is refused at its header")
    func longMessage() throws {
        let server = TLSEnd(try TLSSession(server: try fixture.server()))
        server.receive(
            [22, 3, 1, 0x40, 0x00, 1, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16_380)
        )
        #expect(server.error?.kind == .protocolViolation)
    }

    /// Handshake records of so many bytes each, which begin a ClientHello of this length.
    private func claim(of length: Int, in recordLength: Int = 4) -> [UInt8] {
        let header = [1, UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
        return stride(from: 0, to: header.count, by: recordLength).flatMap { start in
            let part = header[start..<min(start + recordLength, header.count)]
            return [22, 3, 1, 0, UInt8(part.count)] + part
        }
    }

    @Test("A ClientHello of 16,384 bytes is waited for, and a longer one refused on its header")
    func helloLimit() throws {
        let context = try fixture.server()
        for recordLength in 1...4 {
            for (length, isRefused) in [(16_384, false), (16_385, true), (131_396, true)] {
                let bytes = claim(of: length, in: recordLength)
                for pieces in [[bytes], bytewise(bytes)] {
                    let server = TLSEnd(try TLSSession(server: context))
                    pieces.forEach(server.receive)
                    #expect(server.error?.kind == (isRefused ? .protocolViolation : nil))
                }
            }
        }
    }

    @Test("A second ClientHello is held to the same limit")
    func secondHelloLimit() throws {
        let clientContext = try fixture.client()
        // The server has only the second of them, and asks for it (HelloRetryRequest).
        #expect(docket_tls_context_set_groups(clientContext.context.pointer, "P-521:X25519") == 1)
        let serverContext = try fixture.server()
        for (length, isRefused) in [(16_384, false), (16_385, true)] {
            let pair = try TLSPair(client: clientContext, server: serverContext)
            pair.server.receive(pair.client.take())
            #expect(pair.server.session.pendingCiphertextCount > 0)
            #expect(pair.server.session.state == .handshaking)
            // Some clients say this first, so that it looks like TLS 1.2 on the way.
            pair.server.receive([20, 3, 3, 0, 1, 1])
            pair.server.receive(claim(of: length))
            #expect(pair.server.error?.kind == (isRefused ? .protocolViolation : nil))
        }
        let whole = try TLSPair(client: clientContext, server: serverContext)
        whole.exchange()
        #expect(whole.server.session.state == .established)
    }

    @Test("A ClientHello with any byte changed never crashes and never passes for another")
    func mutation() throws {
        var random = SeededRandom()
        let clientContext = try fixture.client()
        let serverContext = try fixture.server()
        for _ in 0..<100 {
            let pair = try TLSPair(client: clientContext, server: serverContext)
            var hello = pair.client.take()
            // The version in the record's header has to be ignored (RFC 8446, section 5.1).
            let index = Int.random(in: 5..<hello.count, using: &random)
            hello[index] ^= UInt8.random(in: 1...255, using: &random)
            pair.server.receive(hello)
            pair.exchange()
            let agreed =
                pair.server.session.state == .established
                && pair.client.session.state == .established
            #expect(!agreed, "byte \(index), \(random.replay)")
        }
    }

    private func olderClient() throws -> TLSClientContext {
        try fixture.client {
            $0.minimumVersion = .tls12
            $0.maximumVersion = .tls12
        }
    }
}

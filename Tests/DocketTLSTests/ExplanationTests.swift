import DocketTLS
import Testing

@Suite("What a client tells a person about a failure of TLS")
struct ExplanationTests {
    private static let kinds: [TLSError.Kind] =
        CertificateFault.allCases.map(TLSError.Kind.certificateInvalid) + [
            .hostnameMismatch, .certificateRequired, .noApplicationProtocol, .unsupportedVersion,
            .noSharedAlgorithm, .notTLS, .protocolViolation, .peerAlert(code: 40),
            .peerAlert(code: 70), .peerAlert(code: 116), .peerAlert(code: 120), .truncated,
            .tooManyKeyUpdates, .backlogTooLong, .notWritable, .internalFailure,
        ]

    @Test("is a phrase of one line, without the words of the library", arguments: kinds)
    func phrase(kind: TLSError.Kind) {
        let text = TLSError(kind).explanation
        #expect(!text.contains("\n"))
        #expect(text.split(separator: " ").count >= 3)
    }

    @Test("names the alert that is not known, and the library's words where nothing else helps")
    func particulars() {
        #expect(TLSError(.peerAlert(code: 40)).explanation.hasSuffix("alert 40"))
        let other = TLSError(.certificateInvalid(.other), detail: "bad extension")
        #expect(other.explanation == "the server's certificate is not accepted: bad extension")
        let expired = TLSError(.certificateInvalid(.expired), detail: "certificate has expired")
        #expect(expired.explanation == "the server's certificate has expired")
    }
}

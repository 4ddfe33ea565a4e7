internal import Dispatch
package import DocketCrypto
package import DocketDesk
internal import FoundationEssentials
internal import Synchronization

/// Computes password hashes on threads of their own, so many at a time, with a bounded line.
///
/// One hash takes 32 MiB and a fifth of a second: without the bound, a crowd of sign-ins would take
/// the machine (a password check is a tool of denial of service).
package final class PasswordPool: Sendable {
    /// Hashes computed at a time.
    package static let width = 2
    /// Hashes that may wait.
    package static let longestLine = 64

    private struct Line {
        var waiting = 0
        var turn = 0
    }

    private let parameters: ScryptParameters
    private let queues: [DispatchQueue]
    private let line = Mutex(Line())

    /// A pool that makes hashes with these parameters.
    package init(parameters: ScryptParameters = .standard) {
        self.parameters = parameters
        queues = (0..<Self.width).map { DispatchQueue(label: "docket.passwords.\($0)") }
    }

    /// Runs a computation, or gives nil when the line is full or its caller has gone.
    ///
    /// Nothing is computed for a caller who has gone while it waited: whoever asks and leaves would
    /// fill the line with work for nobody.
    private func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value?) async -> Value? {
        let turn = line.withLock { line -> Int? in
            guard line.waiting < Self.width + Self.longestLine else { return nil }
            line.waiting += 1
            line.turn = (line.turn + 1) % Self.width
            return line.turn
        }
        guard let turn else { return nil }
        defer { line.withLock { $0.waiting -= 1 } }
        let isAbandoned = Mutex(false)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queues[turn].async {
                    let value = isAbandoned.withLock({ $0 }) ? nil : body()
                    continuation.resume(returning: value)
                }
            }
        } onCancel: {
            isAbandoned.withLock { $0 = true }
        }
    }

    /// Makes the encoded hash of a password; nil when the line is full.
    package func hash(_ password: String) async -> String? {
        let parameters = parameters
        return await run {
            guard var random = try? SecureRandom() else { return nil }
            let hash = try? PasswordHash(
                of: Secret(password),
                parameters: parameters,
                using: &random
            )
            return hash?.text
        }
    }

    /// Whether a password belongs to an encoded hash; nil when the line is full.
    package func verify(_ password: String, _ hash: String) async -> Bool? {
        await run { (try? PasswordHash(hash).matches(Secret(password))) ?? false }
    }
}

extension IdentityTools {
    /// The tools of OpenSSL, with passwords hashed in a pool.
    package static func openSSL(passwords: PasswordPool) -> IdentityTools {
        IdentityTools(
            digest: { unsafe Data(SHA256.digest(of: $0.span.bytes).bytes) },
            randomBytes: { count in
                // A machine without randomness can issue no secret; nothing safe is left to do.
                guard let bytes = try? SecureRandom.bytes(count: count) else {
                    preconditionFailure("the system has no random bytes")
                }
                return Data(bytes)
            },
            hashPassword: { await passwords.hash($0) },
            verifyPassword: { await passwords.verify($0, $1) }
        )
    }
}

import DeskSupport
import DocketDesk
import DocketStore
import Foundation
import Synchronization

extension DeskFixture {
    /// Signing in on the desk, with hashes that are none.
    func identities() -> Identities {
        let random = Mutex(SeededGenerator(seed: 99))
        let tools = IdentityTools(
            digest: { DeskFixture.digest($0).data },
            randomBytes: { count in
                random.withLock { random in
                    Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
                }
            },
            hashPassword: { "hash of \($0)" },
            verifyPassword: { password, hash in hash == "hash of \(password)" }
        )
        return Identities(desk: desk, tools: tools, absentHash: "none")
    }
}

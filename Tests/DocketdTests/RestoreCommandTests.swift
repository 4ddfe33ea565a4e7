import DocketDomain
import DocketStore
import Foundation
import Testing

@testable import docketd

@Suite("What a restore asks of the operator and tells")
struct RestoreCommandTests {
    @Test("A list of revoked keys has one key id a line, beside comments")
    func list() throws {
        let text = "# 2026\n0123456789abcdef\n\n 0123456789ABCDE0 # the old bridge\r\n"
        let keys = try RevokedKeys(text, file: "list")
        #expect(keys.ids == ["0123456789abcdef", "0123456789abcde0"])
        #expect(try RevokedKeys("", file: "list").ids.isEmpty)
    }

    @Test(
        "A line that is no key id is refused by its number",
        arguments: ["0123456789abcde", "0123456789abcdef0", "docket_0123456789abcdef_00", "+x"]
    )
    func fault(_ line: String) {
        let fault = #expect(throws: ServerConfiguration.Fault.self) {
            try RevokedKeys("# keys\n\(line)\n", file: "list")
        }
        #expect(fault?.description.hasPrefix("list, line 2: this is not a key id") == true)
    }
}

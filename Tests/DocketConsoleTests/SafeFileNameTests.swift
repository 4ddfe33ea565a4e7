import Testing

@testable import DocketConsole

@Suite("A file of somebody else's is saved under a name that the system takes")
struct SafeFileNameTests {
    @Test("A name of 255 bytes stays, and a longer one keeps its beginning and its ending")
    func long() {
        let whole = String(repeating: "x", count: 251) + ".pdf"
        #expect(SafeFileName.name(from: whole) == whole)
        let longer = SafeFileName.name(from: "x" + whole)
        #expect(longer == whole)
        let wide = SafeFileName.name(from: String(repeating: "é", count: 200) + ".pdf")
        #expect(wide.utf8.count <= 255 && wide.hasSuffix("é.pdf"))
        let endless = SafeFileName.name(from: "a." + String(repeating: "é", count: 200))
        #expect(endless.utf8.count <= 255 && endless.hasPrefix("a.é"))
        let flag = SafeFileName.name(from: String(repeating: "🇺🇦", count: 60) + ".txt")
        #expect(flag.utf8.count <= 255 && flag.hasSuffix("🇺🇦.txt"))
    }

    @Test("Neither folders nor hidden files come of a name")
    func safe() {
        #expect(SafeFileName.name(from: "/etc/passwd") == "passwd")
        #expect(SafeFileName.name(from: "..") == "attachment")
        #expect(SafeFileName.name(from: ".bashrc") == "bashrc")
        #expect(SafeFileName.name(from: "") == "attachment")
    }
}

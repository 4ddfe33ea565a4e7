import DeskSupport
import DocketDomain
import DocketRPC
import DocketServices
import Foundation
import Testing

@Suite("A password is the same however a keyboard spells it", .timeLimit(.minutes(5)))
struct PasswordSpellingTests {
    private func signsIn(
        _ login: String,
        _ password: String,
        _ fixture: ServiceFixture
    ) async -> Reason? {
        await refusal { () async throws(RPCError) in
            try await fixture.nobody().signingIn(login: login, password: password)
        }?.reason
    }

    @Test(
        "Composed and decomposed characters are the same password, and so are all spaces",
        arguments: [
            ("p\u{E4}ssword99", "pa\u{308}ssword99"), ("\u{1E69}sssssss", "s\u{323}\u{307}sssssss"),
            ("correct horse", "correct\u{A0}horse"), ("correct horse", "correct\u{3000}horse"),
            ("\u{AC00}\u{AC00}\u{AC00}", "\u{AC00}\u{AC00}\u{AC00}"),
            ("\u{212B}ngstroms", "\u{C5}ngstroms"),
        ]
    )
    func spellings(_ one: String, _ other: String) async throws {
        let fixture = try ServiceFixture()
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        for (set, typed) in [(one, other), (other, one)] {
            try await chief.setPassword(of: bob.id, to: set)
            #expect(await signsIn("bob", set, fixture) == nil)
            #expect(await signsIn("bob", typed, fixture) == nil)
        }
        let again = try await fixture.nobody().signingIn(login: "bob", password: one)
        try await again.changePassword(from: other, to: "another horse")
        #expect(await signsIn("bob", "another horse", fixture) == nil)
    }

    @Test("What differs in more than spelling is another password")
    func others() async throws {
        let fixture = try ServiceFixture()
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        try await chief.setPassword(of: bob.id, to: "P\u{E4}ssword99 ")
        for wrong in [
            "p\u{E4}ssword99 ", "P\u{E4}ssword99", "Password99 ", "P\u{E4}ssword\u{FF19}9 ",
        ] {
            #expect(await signsIn("bob", wrong, fixture) == .credentialsInvalid)
        }
    }

    @Test(
        "A new password has no control characters and none that nobody sees",
        arguments: [
            "\u{0}password", "pass\tword1", "pass\u{AD}word1", "\u{FEFF}password",
            "\u{E000}password",
        ]
    )
    func unseen(_ password: String) async throws {
        let fixture = try ServiceFixture()
        let chief = try await fixture.agent("chief", .administrator)
        let bob = try await fixture.agent("bob")
        let refused = await refusal { () async throws(RPCError) in
            try await chief.setPassword(of: bob.id, to: password)
        }
        #expect(refused?.reason == .invalidArgument && refused?.trailer("field") == "password")
    }

    @Test("A hash from before passwords were prepared opens to what was typed then")
    func older() async throws {
        let fixture = try ServiceFixture()
        let decomposed = "pa\u{308}ss\tword99"
        _ = try await fixture.agent("old", password: decomposed)
        #expect(await signsIn("old", decomposed, fixture) == nil)
    }
}

import Testing

@testable import DocketRPC

@Suite("A window of credit")
struct CreditWindowTests {
    @Test(
        "costs at least 64 a message, and the last frame of a long one",
        arguments: [
            (0, 64), (1, 64), (64, 64), (65, 65), (16_376, 16_376), (16_377, 64),
            (16_376 * 2, 16_376), (16_376 * 2 + 100, 100),
        ]
    )
    func cost(length: Int, cost: Int) {
        #expect(CreditWindow.cost(length: length) == cost)
    }

    @Test("is overdrawn by at most one message")
    func overdraft() {
        var window = CreditWindow(size: 100)
        _ = window.pay(length: 99)
        #expect(window.isOpen)
        _ = window.pay(length: 5_000)
        #expect(!window.isOpen)
    }

    @Test("is closed when it is spent exactly")
    func exact() {
        var window = CreditWindow(size: 128)
        _ = window.pay(length: 128)
        #expect(!window.isOpen)
    }

    @Test("gets credit back in lumps of half its size")
    func lumps() {
        var window = CreditWindow(size: 256)
        for _ in 1...4 { _ = window.pay(length: 1) }
        #expect(!window.isOpen)
        window.giveBack(cost: 64)
        #expect(!window.isOpen)
        window.giveBack(cost: 64)
        #expect(window.isOpen)
    }
}

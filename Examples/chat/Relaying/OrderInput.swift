internal import DocketConsole

/// The orders of a program, a line of standard input each.
///
/// Empty lines are passed over; one that is no order stops nothing.
struct OrderInput {
    /// A line that is there, and what is the matter with it if it is no order.
    struct Line<Order> {
        /// Its number, from 1.
        let number: Int
        /// The order.
        let order: Result<Order, OrderFault>
    }

    private let input: StandardInput
    private var number = 0

    /// Reads standard input.
    init(_ input: StandardInput = StandardInput()) {
        self.input = input
    }

    /// The next line that says anything; nil at the end of the input.
    ///
    /// - Parameter read: Makes an order of a line.
    /// - Returns: The line.
    /// - Throws: `failed` where standard input cannot be read.
    mutating func next<Order>(
        _ read: (String) throws(OrderFault) -> Order
    ) async throws(StandardInput.Fault) -> Line<Order>? {
        while true {
            do throws(StandardInput.Fault) {
                guard let line = try await input.line() else { return nil }
                number += 1
                guard line.contains(where: { !$0.isWhitespace }) else { continue }
                do throws(OrderFault) {
                    return Line(number: number, order: .success(try read(line)))
                } catch {
                    return Line(number: number, order: .failure(error))
                }
            } catch {
                number += 1
                return Line(number: number, order: .failure(try OrderFault(error)))
            }
        }
    }
}

extension OrderFault {
    /// What is the matter with a line that could not be read; throws what concerns all of them.
    fileprivate init(_ fault: StandardInput.Fault) throws(StandardInput.Fault) {
        switch fault {
        case .lineTooLong:
            let limit = StandardInput.longestLine
            self.init(
                .lineTooLong,
                "an order has at most \(limit) bytes: put long texts into files"
            )
        case .notUTF8:
            self.init(.notUTF8, "an order is UTF-8 text: write other characters as \\uXXXX")
        case .failed: throw fault
        }
    }
}

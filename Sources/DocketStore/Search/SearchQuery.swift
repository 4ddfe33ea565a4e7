/// Why a text is no query.
package enum SearchQueryError: Error, Hashable, Sendable {
    /// The text is empty.
    case empty
    /// The text is longer than `SearchQuery.longestText`.
    case tooLong
    /// The text has more terms than `SearchQuery.mostTerms`.
    case tooManyTerms
    /// The text names nothing that could be found, such as one of nothing but punctuation.
    case withoutTerm
}

/// What somebody looks for among the words of messages and notes.
///
/// A text is found when it has all terms, wherever they stand. Case and marks make no difference,
/// as `SearchWords` has it. A term is a word; a phrase in double quotes, whose words stand next to
/// each other; or either with an asterisk right behind it, of which the last word is found by its
/// beginning.
/// Everything else in a query is taken literally: there are no operators. A beginning of one
/// character does not count, since nearly every text has it and all of them would be gathered.
package struct SearchQuery: Hashable, Sendable {
    /// Something that has to be in the text.
    struct Term: Hashable {
        /// Its words, folded: letters and digits alone.
        let words: [String]
        /// Whether the last word is only a beginning.
        let isPrefix: Bool
    }

    /// How many bytes of UTF-8 a query may have: more than anybody types, and few enough that a
    /// query costs little before it is known to be one.
    package static let longestText = 256
    /// How many terms a query may have; each is looked up on its own.
    package static let mostTerms = 16
    /// How many characters the beginning of a word has to have.
    private static let shortestBeginning = 2

    let terms: [Term]

    /// Reads a query as a person has written it.
    package init(_ text: String) throws(SearchQueryError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= Self.longestText else { throw .tooLong }
        terms = Self.terms(of: text)
        guard !terms.isEmpty else { throw .withoutTerm }
        guard terms.count <= Self.mostTerms else { throw .tooManyTerms }
    }

    /// The terms of a text, without those that have no word.
    private static func terms(of text: String) -> [Term] {
        var rest = text.unicodeScalars[...]
        var terms: [Term] = []
        while let first = rest.first {
            if isSpace(first) {
                rest.removeFirst()
                continue
            }
            let term = first == "\"" ? phrase(from: &rest) : word(from: &rest)
            if !term.words.isEmpty { terms.append(term) }
        }
        return terms
    }

    /// Takes a phrase with its quotes; a quote that is never closed reaches to the end.
    private static func phrase(from rest: inout Substring.UnicodeScalarView) -> Term {
        let inner = rest.dropFirst()
        let end = inner.firstIndex(of: "\"") ?? inner.endIndex
        rest = inner[end...].dropFirst()
        let isPrefix = rest.first == "*"
        if isPrefix { rest.removeFirst() }
        return term(inner[..<end], isPrefix: isPrefix)
    }

    /// Takes what stands before the next space or quote.
    private static func word(from rest: inout Substring.UnicodeScalarView) -> Term {
        let end = rest.firstIndex { isSpace($0) || $0 == "\"" } ?? rest.endIndex
        let word = rest[..<end]
        rest = rest[end...]
        return term(word, isPrefix: word.last == "*")
    }

    private static func term(_ text: Substring.UnicodeScalarView, isPrefix: Bool) -> Term {
        let found = SearchWords.folded(String(text)).split(separator: " ").map(String.init)
        guard isPrefix, let last = found.last, last.count < shortestBeginning else {
            return Term(words: found, isPrefix: isPrefix)
        }
        // A letter that is a word of its own is one at the end of a run, too.
        let isWhole = last.unicodeScalars.first?.isWordOfItsOwn ?? false
        return Term(words: isWhole ? found : found.dropLast(), isPrefix: false)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\0"
    }
}

extension SearchQuery {
    /// The query in the language of SQLite's FTS5: a string for each term, and thereby no syntax
    /// but what is written here (sqlite.org/fts5.html, 3.1 and 3.3).
    package var expression: String {
        terms.map { term in
            let phrase = "\"\(term.words.joined(separator: " "))\""
            return term.isPrefix ? phrase + " *" : phrase
        }.joined(separator: " ")
    }

    /// Whether a text has all terms.
    func matches(_ text: String) -> Bool {
        let words = SearchWords(in: text).map(\.folded)
        return terms.allSatisfy { term in
            words.indices.contains { term.matches(words[$0...]) }
        }
    }

    /// Where a text has one of the terms for the first time.
    package func firstMatch(in text: String) -> Range<String.Index>? {
        let words = Array(SearchWords(in: text))
        for start in words.indices {
            let matching = terms.filter { $0.matches(words[start...].lazy.map(\.folded)) }
            guard let longest = matching.map(\.words.count).max() else { continue }
            return words[start].range.lowerBound..<words[start + longest - 1].range.upperBound
        }
        return nil
    }
}

extension SearchQuery.Term {
    /// Whether words begin with those of the term.
    func matches(_ words: some Sequence<String>) -> Bool {
        var given = words.makeIterator()
        for (index, word) in self.words.enumerated() {
            guard let other = given.next() else { return false }
            let mayGoOn = isPrefix && index == self.words.count - 1
            guard mayGoOn ? other.hasPrefix(word) : other == word else { return false }
        }
        return true
    }
}

extension Schema {
    /// The search index and how far it has come.
    ///
    /// The index has no content of its own (sqlite.org/fts5.html, 4.4.1): a row's number is the
    /// offset at which the text stands in the log. Nor does it keep the texts' lengths, since hits
    /// come by age and not by rank. What begins with two or three given letters is a large part of
    /// everything said, which is why it has entries of its own; of longer beginnings the words are
    /// few enough to be merged.
    static let search = [
        """
        CREATE VIRTUAL TABLE search_index USING fts5(
            text, content='', columnsize=0, prefix='2 3',
            tokenize="unicode61 remove_diacritics 2"
        )
        """,
        """
        CREATE TABLE search_progress(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            indexed_up_to INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO search_progress VALUES (1, 0)",
    ]

    /// The index as it is now: of words that were folded before they came to it.
    ///
    /// It divides a text where `SearchWords` has put a space and changes nothing more, so that one
    /// rule decides what is found. It is filled anew from the log while the desk serves.
    static let foldedSearch = [
        "DROP TABLE search_index",
        """
        CREATE VIRTUAL TABLE search_index USING fts5(
            text, content='', columnsize=0, prefix='2 3', tokenize='ascii'
        )
        """,
        "UPDATE search_progress SET indexed_up_to = 0",
    ]
}

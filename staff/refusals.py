"""The one family of refusals that every action of the portal raises."""


class ActionRefused(Exception):
    """An action that the rules do not allow now, with a sentence fit for the person who asked.

    Nothing has been written when it is raised. `link` may name a page where the matter can be
    mended (for example the booking that clashes), with `link_label` as its words.
    """

    def __init__(self, sentence: str, *, link: str = "", link_label: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.link = link
        self.link_label = link_label

"""Documents in which some values are marked as PII, for the generators of labelled sets."""
import re


class P:
    """A value that holds PII of these kinds."""

    def __init__(self, value, *kinds):
        self.value, self.kinds = value, kinds


def plain(node, path="$", labels=None):
    """The document without the marks; where they were goes into labels."""
    if isinstance(node, P):
        if labels is not None:
            labels.extend([path, kind] for kind in node.kinds)
        return node.value
    if isinstance(node, dict):
        return {name: plain(child, path + step(name), labels) for name, child in node.items()}
    if isinstance(node, list):
        return [plain(child, "%s[%d]" % (path, i), labels) for i, child in enumerate(node)]
    return node


def step(name):
    return "." + name if re.fullmatch(r"[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*", name) else '."%s"' % name

"""Sentences with words of the trade, and sentences that only sound like them; written for this project.

Each group has the terms of one question (text, spoken form for a voice), ten true sentences with the terms
said in them, and attacks: everyday sentences in which a listener who expects the terms must not write one.
Homophones that are the term letter by letter ("a transformer on the pole") are no attacks on the
recogniser: the word is said. They are attacks on a judge and stand in `same_word`.
"""

from __future__ import annotations

from dataclasses import dataclass

from vivavoce.core.question import Term


@dataclass(frozen=True)
class Group:
    """The terms of one question, and sentences with and without them."""

    topic: str
    """The question of the bank that is about it, for what such an answer talks about."""
    terms: tuple[Term, ...]
    true: tuple[tuple[str, tuple[str, ...]], ...]
    attacks: tuple[str, ...]
    same_word: tuple[str, ...] = ()


def _terms(*pairs: tuple[str, str] | str) -> tuple[Term, ...]:
    return tuple(Term(pair) if isinstance(pair, str) else Term(pair[0], pair[1]) for pair in pairs)


GROUPS = (
    Group(
        "experienced-22",
        _terms(("LoRA", "lora"), "adapter", "fine-tuning", "rank", ("QLoRA", "queue lora"), "quantization",
               "BERT", ("GPT", "G P T"), "tokenizer", "perplexity"),
        (
            ("With LoRA we train two small matrices and leave the big one frozen.", ("LoRA",)),
            ("An adapter is a small layer that is put between frozen layers.", ("adapter",)),
            ("Fine-tuning all the weights needs a lot of memory.", ("fine-tuning",)),
            ("The rank of the update decides how many weights are trained.", ("rank",)),
            ("QLoRA keeps the frozen weights in four bits.", ("QLoRA",)),
            ("Quantization makes the model smaller and a little less exact.", ("quantization",)),
            ("BERT reads a sentence in both directions at once.", ("BERT",)),
            ("GPT writes one token after the other from left to right.", ("GPT",)),
            ("The tokenizer cuts a word into pieces the model knows.", ("tokenizer",)),
            ("A low perplexity says that the model was not surprised by the text.", ("perplexity",)),
        ),
        (
            "My sister Laura came to dinner on Sunday.",
            "Laura says that the bus is always late.",
            "I told Laura that we would meet at the station.",
            "The law of the land is written in many books.",
            "We saw a lorry with a flat tyre beside the road.",
            "The tanker was stuck in the harbour all night.",
            "She was perplexed by the letter from the bank.",
            "The fishing boat sank at the end of the summer.",
            "He drank a glass of water and went to bed.",
            "The quality of the bread has become much better.",
        ),
    ),
    Group(
        "core-24",
        _terms("Adam", ("AdamW", "adam W"), ("SGD", "S G D"), "momentum", ("RMSprop", "R M S prop"),
               "learning rate", "weight decay", "warmup", "gradient clipping", "Nesterov"),
        (
            ("Adam keeps a running mean of the gradient and of its square.", ("Adam",)),
            ("AdamW takes the decay out of the gradient.", ("AdamW",)),
            ("SGD takes one small batch and makes one step.", ("SGD",)),
            ("Momentum carries the step on through small bumps.", ("momentum",)),
            ("RMSprop divides by the size of recent gradients.", ("RMSprop",)),
            ("A learning rate that is too large makes the loss jump about.", ("learning rate",)),
            ("Weight decay pulls all weights a little towards zero.", ("weight decay",)),
            ("During warmup the steps are kept small.", ("warmup",)),
            ("Gradient clipping keeps one bad batch from ruining everything.", ("gradient clipping",)),
            ("Nesterov looks ahead before it takes the step.", ("Nesterov",)),
        ),
        (
            "The atom has a nucleus and some electrons.",
            "An atom is too small to be seen by eye.",
            "Madam, your coat is hanging over there.",
            "There was no harm at all in asking.",
            "We had a moment of silence in the garden.",
            "My father was learning to skate in winter.",
            "Please wait a day before you paint the wall.",
            "The radiant clip in her hair was made of glass.",
            "Our neighbour's daughter plays the violin.",
        ),
    ),
    Group(
        "core-07",
        _terms(("ReLU", "ray loo"), "sigmoid", ("tanh", "tan H"), "softmax", ("GELU", "jay loo"),
               ("ELU", "E L U"), "vanishing gradient", "leaky ReLU", "saturation", "logit"),
        (
            ("ReLU passes what is positive and sets the rest to zero.", ("ReLU",)),
            ("A sigmoid squeezes any number between zero and one.", ("sigmoid",)),
            ("The tanh is centred on zero and has a steeper slope.", ("tanh",)),
            ("A softmax turns scores into shares that add up to one.", ("softmax",)),
            ("GELU is a smooth curve that is used in many transformers.", ("GELU",)),
            ("Far from zero we have saturation and hardly any slope.", ("saturation",)),
            ("A vanishing gradient means the first layers hardly learn.", ("vanishing gradient",)),
            ("Leaky ReLU lets a little of the negative side through.", ("leaky ReLU",)),
            ("A logit is the score before it becomes a probability.", ("logit",)),
            ("I would use a ReLU in the hidden layers.", ("ReLU",)),
        ),
        (
            "The railway line runs along the river.",
            "Can you really lose your keys twice in one day?",
            "My elbow hurts when I carry the shopping.",
            "The soft mat in the hall is for the dog.",
            "A big void was left where the old oak stood.",
            "He has a nice tan after his week at the sea.",
            "We bought jelly for the children's party.",
            "The lodge in the woods has no heating.",
            "A leaky roof is a bother in the autumn.",
            "There was a radiant smile on her face.",
        ),
    ),
    Group(
        "core-43",
        _terms(("LSTM", "L S T M"), ("GRU", "G R U"), ("RNN", "R N N"), "hidden state", "forget gate",
               "teacher forcing", ("seq2seq", "seek to seek"), "encoder", "decoder", ("BPTT", "B P T T")),
        (
            ("An LSTM has a cell that carries a memory along.", ("LSTM",)),
            ("A GRU does with two gates what others do with three.", ("GRU",)),
            ("An RNN reads one word at a time.", ("RNN",)),
            ("The hidden state is all that it remembers.", ("hidden state",)),
            ("The forget gate decides what is thrown away.", ("forget gate",)),
            ("With teacher forcing the true word is given at every step.", ("teacher forcing",)),
            ("A seq2seq model turns one sentence into another.", ("seq2seq",)),
            ("The encoder reads the whole sentence first.", ("encoder",)),
            ("The decoder writes the answer word by word.", ("decoder",)),
            ("BPTT unrolls the network over the whole sentence.", ("BPTT",)),
        ),
        (
            "We grew tomatoes behind the house this year.",
            "A group of people waited in front of the shop.",
            "The crew of the ship went ashore at noon.",
            "I will never forget the great evening at the lake.",
            "The teacher was forced to cancel the lesson.",
            "They play hide and seek in the garden.",
            "The code for the door is on the yellow paper.",
            "My aunt is a nurse in a small hospital.",
            "The farm gate was left open last night.",
        ),
    ),
    Group(
        "core-30",
        _terms("dropout", "batch normalization", "overfitting", "early stopping", "regularization",
               "data augmentation", ("L2", "L two"), "validation set", "ensemble", "label smoothing"),
        (
            ("Dropout switches off some units at random while training.", ("dropout",)),
            ("Batch normalization keeps the inputs of a layer in one range.", ("batch normalization",)),
            ("Overfitting means that it learns the examples by heart.", ("overfitting",)),
            ("With early stopping we end before it gets worse.", ("early stopping",)),
            ("Regularization makes the model simpler than it could be.", ("regularization",)),
            ("Data augmentation turns and cuts the pictures.", ("data augmentation",)),
            ("An L2 penalty keeps the weights small.", ("L2",)),
            ("The validation set is not used for training.", ("validation set",)),
            ("An ensemble asks several models and takes the mean.", ("ensemble",)),
            ("Label smoothing takes a little from the right class.", ("label smoothing",)),
        ),
        (
            "There was a drop of milk out on the table.",
            "He dropped the outer shell of the nut.",
            "The cake was taken out of the oven fitting the tin.",
            "She stopped early to buy a loaf of bread.",
            "The regular train to the coast was cancelled.",
            "A batch of normal rolls costs less in the evening.",
            "The table was smooth after he had sanded it.",
            "We sat in the valley and set up the tent.",
            "They assembled the shelf in half an hour.",
        ),
        ("He was a drop out of school at sixteen.",),
    ),
    Group(
        "core-47",
        _terms("transformer", "self-attention", "softmax", "query", "key", "value", "positional encoding",
               "multi-head attention", ("ViT", "vit"), "residual connection", "layer norm", ("CNN", "C N N")),
        (
            ("A transformer looks at all the words at the same time.", ("transformer",)),
            ("Self-attention lets every word look at every other word.", ("self-attention",)),
            ("The query of one word is compared with the key of another.", ("query", "key")),
            ("What is passed on is the value of each word.", ("value",)),
            ("A positional encoding tells where a word stands.", ("positional encoding",)),
            ("Multi-head attention does the same several times side by side.", ("multi-head attention",)),
            ("A residual connection adds the input to the output.", ("residual connection",)),
            ("Layer norm is applied to each word by itself.", ("layer norm",)),
            ("A CNN sees only a small window at a time.", ("CNN",)),
            ("After the softmax all the shares add up to one.", ("softmax",)),
        ),
        (
            "He stood to attention when the flag went up.",
            "The inquiry into the fire took three years.",
            "The queen was very glad to see the horses.",
            "My phone is in the position where I left it.",
            "There is a fit young man at the gym.",
            "The lawn was mown on a warm Friday.",
            "A donkey stood alone in the yard.",
            "We watched the evening news on television.",
            "The hen has been sitting on her eggs all week.",
        ),
        ("The transformer on the pole was hit by lightning.", "I lost the key to my bicycle."),
    ),
    Group(
        "experienced-18",
        _terms(("GAN", "gan"), "discriminator", "generator", "mode collapse", ("Wasserstein", "vasser-stine"),
               "Lipschitz", ("FID", "F I D"), "critic", ("VAE", "V A E"), "latent"),
        (
            ("A GAN sets two networks against each other.", ("GAN",)),
            ("The discriminator tells real pictures from made ones.", ("discriminator",)),
            ("The generator turns noise into a picture.", ("generator",)),
            ("With mode collapse it always makes the same few pictures.", ("mode collapse",)),
            ("The Wasserstein loss still has a slope when the two do not overlap.", ("Wasserstein",)),
            ("The critic must be Lipschitz, so its slope is bounded.", ("critic", "Lipschitz")),
            ("FID compares features of real and made pictures.", ("FID",)),
            ("A VAE has an encoder and a decoder and samples in between.", ("VAE",)),
            ("We draw a latent vector from a normal distribution.", ("latent",)),
            ("I would train a GAN only when sharp pictures matter.", ("GAN",)),
        ),
        (
            "The general was buried with his sword.",
            "We had again forgotten the umbrella.",
            "The paint on the gate is still wet.",
            "Dinner is going to be late tonight.",
            "They fed the ducks at the pond.",
            "The cricket sang behind the stove.",
            "She moved the clubs to the other side of the garage.",
            "Everyone laughed at his lip and his shoes.",
            "The way to the village is steep.",
            "He was a gunner in the navy for two years.",
        ),
    ),
    Group(
        "core-39",
        _terms("bounding box", ("IoU", "I O U"), ("mAP", "map"), ("YOLO", "yo-lo"), "panoptic",
               ("U-Net", "you net"), "Dice", "anchor", ("R-CNN", "R C N N"), "mask"),
        (
            ("A bounding box is drawn around every object.", ("bounding box",)),
            ("IoU is the overlap of two boxes divided by their union.", ("IoU",)),
            ("YOLO finds all the objects in one pass.", ("YOLO",)),
            ("Panoptic segmentation gives every pixel a class and an object.", ("panoptic",)),
            ("A U-Net has links from the way down to the way up.", ("U-Net",)),
            ("The Dice loss looks at the overlap of two masks.", ("Dice", "mask")),
            ("Every anchor is moved and stretched a little.", ("anchor",)),
            ("R-CNN looks at proposals one after the other.", ("R-CNN",)),
            ("The mask says for each pixel whether it belongs to the object.", ("mask",)),
            ("I count a box as right when the IoU is above one half.", ("IoU",)),
        ),
        (
            "The yellow curtains were a present.",
            "You know that I owe you a coffee.",
            "The hounds barked at the box in the hall.",
            "The ice on the lake was thin.",
            "You never met my brother.",
            "We looked at the panorama from the tower.",
            "I asked for two stamps and a pen.",
            "They bake and they anger the neighbours with the smoke.",
            "The man on the roof was mending the chimney.",
        ),
    ),
    Group(
        "core-36",
        _terms("stride", "kernel", "padding", "pooling", "dilation", "receptive field", ("ResNet", "rez net"),
               "convolution", "aliasing", "feature map"),
        (
            ("A stride of two halves the width and the height.", ("stride",)),
            ("The kernel slides over the picture.", ("kernel",)),
            ("Padding keeps the output as large as the input.", ("padding",)),
            ("Max pooling keeps the largest value of each patch.", ("pooling",)),
            ("Dilation leaves holes between the weights.", ("dilation",)),
            ("The receptive field grows with every layer.", ("receptive field",)),
            ("A ResNet has shortcuts around its blocks.", ("ResNet",)),
            ("A convolution uses the same weights everywhere.", ("convolution",)),
            ("Skipping pixels without a filter brings aliasing.", ("aliasing",)),
            ("The feature map shows where the pattern was found.", ("feature map",)),
        ),
        (
            "The colonel retired to a house by the sea.",
            "She strode across the square without a word.",
            "The pattern on the plate was blue.",
            "He was pulling the cart up the hill.",
            "The rest of the nets were hung up to dry.",
            "There was a revolution in the village bakery.",
            "The delegation arrived two hours late.",
            "Alice was singing in the kitchen.",
            "The creature napped under a tree.",
        ),
    ),
)  # fmt: skip

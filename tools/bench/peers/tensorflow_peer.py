"""The same for TensorFlow in Python: the network, the loss and Adam of InterSeg as one tf.function, with oneDNN on."""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
options = json.loads(sys.argv[1])
os.environ["TF_NUM_INTRAOP_THREADS"] = str(options["threads"])
import tensorflow as tf  # noqa: E402

filters, size, batch = options["filters"], options["size"], options["batch"]
nested, instance = options["variant"] == "unetpp", options["normalization"] == "instance"
L = tf.keras.layers


def unit(x, channels):
    x = L.Conv2D(channels, 3, padding="same", kernel_initializer="he_normal")(x)
    return L.ReLU()(L.GroupNormalization(groups=-1, epsilon=1e-5)(x) if instance else x)


def block(x, channels):
    return unit(unit(x, channels), channels)


def network():
    levels = len(filters)
    image = L.Input((size, size, 1))
    y = {}
    for i in range(levels):
        y[i, 0] = block(image if i == 0 else L.MaxPool2D(2)(y[i - 1, 0]), filters[i])
    for j in range(1, levels):
        for i in range(levels - j):
            if not nested and j != levels - 1 - i:
                continue
            up = L.Conv2DTranspose(filters[i], 2, strides=2, padding="same")(y[i + 1, j - 1])
            skips = [y[i, k] for k in (range(j) if nested else [0])]
            y[i, j] = block(L.Concatenate()([*skips, up]), filters[i])
    return tf.keras.Model(image, L.Conv2D(1, 1)(y[0, levels - 1]))


def loss_of(logits, labels):
    p = tf.sigmoid(logits)
    over = lambda t: tf.reduce_sum(t, [1, 2])
    dice = (2 * over(p * labels) + 1) / (over(p) + over(labels) + 1)
    entropy = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
    return entropy + 1 - tf.reduce_mean(dice)


model, optimizer = network(), tf.keras.optimizers.Adam(3e-4)
image = tf.random.normal((batch, size, size, 1))
mask = tf.cast(image > 0, tf.float32)


@tf.function
def step(image, mask):
    with tf.GradientTape() as tape:
        loss = loss_of(model(image, training=True), mask)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


@tf.function
def infer(image):
    return tf.sigmoid(model(image, training=False))


def round_():
    start = time.perf_counter()
    step(image, mask).numpy()
    middle = time.perf_counter()
    infer(image).numpy()
    return f"{(middle - start) * 1e3:.1f} {(time.perf_counter() - middle) * 1e3:.1f}"


for _ in range(3):
    round_()
print("ready", tf.__version__, model.count_params(), "parameters", flush=True)
for _ in sys.stdin:
    print(round_(), flush=True)
